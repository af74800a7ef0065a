import { describe, expect, it } from 'vitest';
import { LIMB_DARKENING_TABLE, TABLE_LOGG } from './limb-darkening-table.js';
import { bandOf, limbDarkeningOf } from './limb-darkening.js';

describe('limbDarkeningOf', () => {
  it('B.25 gives the printed values at the knots of the tables', () => {
    expect(
      limbDarkeningOf({ effectiveTemperatureK: 5600, logg: 4.5 }, 'Kepler').coefficients,
    ).toEqual([0.5102, 0.1712]);
    expect(limbDarkeningOf({ effectiveTemperatureK: 3600, logg: 5 }, 'TESS').coefficients).toEqual([
      0.1671, 0.4201,
    ]);
  });

  // Values of the full tables between the knots that were copied (Claret 2013 and 2017).
  it.each([
    ['Kepler', 5800, 4.5, 0.4883, 0.1822],
    ['Kepler', 6200, 4, 0.4613, 0.199],
    ['Kepler', 3500, 4.5, 0.4154, 0.3159],
    ['TESS', 5800, 4.5, 0.3495, 0.2247],
    ['TESS', 4300, 4.5, 0.4834, 0.1895],
    ['TESS', 3300, 5, 0.1529, 0.4604],
  ] as const)(
    'stays within 0.03 of the full table at %s, %d K, log g %d',
    (band, teff, logg, u1, u2) => {
      const { coefficients } = limbDarkeningOf({ effectiveTemperatureK: teff, logg }, band);
      expect(Math.abs(coefficients[0] - u1)).toBeLessThan(0.03);
      expect(Math.abs(coefficients[1] - u2)).toBeLessThan(0.03);
    },
  );

  it('takes the Sun where nothing is known, and says so', () => {
    const unknown = limbDarkeningOf({}, 'TESS');
    const sun = limbDarkeningOf({ effectiveTemperatureK: 5772, logg: 4.438 }, 'TESS');
    expect(unknown.coefficients).toEqual(sun.coefficients);
    expect(unknown.warnings).toEqual([
      "The star's temperature is unknown; limb darkening is that of the Sun (5772 K).",
    ]);
    expect(sun.warnings).toEqual([]);
  });

  it('clamps at the ends of the table with a sentence', () => {
    const giant = limbDarkeningOf({ effectiveTemperatureK: 12000, logg: 2 }, 'Kepler');
    expect(giant.coefficients).toEqual([-0.0204, 0.8227]);
    expect(giant.warnings).toEqual([
      '12000 K is outside the limb-darkening table (2600 to 10000 K); its end was used.',
      'log g = 2 is outside the limb-darkening table (3.5 to 5); its end was used.',
    ]);
  });

  it('does not use a metallicity far from solar silently', () => {
    const { warnings } = limbDarkeningOf(
      { effectiveTemperatureK: 5000, logg: 4.5, metallicity: -1.2 },
      'TESS',
    );
    expect(warnings).toEqual([
      'Limb darkening is of solar metallicity; the star has [Fe/H] = -1.2.',
    ]);
  });

  it('treats a missing number in a header as unknown', () => {
    expect(limbDarkeningOf({ effectiveTemperatureK: NaN }, 'Kepler').warnings).toHaveLength(1);
    expect(limbDarkeningOf({ effectiveTemperatureK: 5000, logg: NaN }, 'Kepler').warnings).toEqual([
      "The star's gravity is unknown; limb darkening takes log g = 4.438.",
    ]);
  });

  it('keeps every dwarf of the table brightest at its centre and nowhere dark', () => {
    for (const rows of Object.values(LIMB_DARKENING_TABLE)) {
      for (const { coefficients } of rows) {
        for (const [u1, u2] of coefficients.slice(TABLE_LOGG.indexOf(4))) {
          expect(u1 + u2).toBeLessThan(1);
          expect(u1 + 2 * u2).toBeGreaterThan(0);
        }
      }
    }
  });

  it('uses the Kepler band for K2 and for what is unknown', () => {
    expect([bandOf('Kepler'), bandOf('K2'), bandOf('unknown'), bandOf('TESS')]).toEqual([
      'Kepler',
      'Kepler',
      'Kepler',
      'TESS',
    ]);
  });
});
