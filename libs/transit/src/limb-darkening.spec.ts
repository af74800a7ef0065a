import { describe, expect, it } from 'vitest';
import published from './fixtures/limb-darkening-claret.json' with { type: 'json' };
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

  it.each(['Kepler', 'TESS'] as const)(
    'B.25 agrees with every published value of the %s band: exactly at the knots, within 0.02 between',
    (band) => {
      let compared = 0;
      for (const [effectiveTemperatureK, ...values] of published[band]) {
        TABLE_LOGG.forEach((logg, g) => {
          const expected = [values[2 * g], values[2 * g + 1]];
          if (expected[0] === null) return;
          const star = { effectiveTemperatureK: effectiveTemperatureK!, logg };
          const { coefficients } = limbDarkeningOf(star, band);
          const isKnot = LIMB_DARKENING_TABLE[band].some(
            (row) => row.effectiveTemperatureK === effectiveTemperatureK,
          );
          coefficients.forEach((value, k) => {
            const miss = Math.abs(value - expected[k]!);
            expect(miss, `${effectiveTemperatureK} K, log g ${logg}`).toBeLessThan(
              isKnot ? 1e-12 : 0.02,
            );
          });
          compared++;
        });
      }
      expect(compared).toBeGreaterThan(200);
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
