import { describe, expect, it } from 'vitest';
import { assumeStar } from './star.js';

describe('assumeStar', () => {
  it('B.26 takes the density from mass and radius where both are measured', () => {
    const star = assumeStar({ radiusSun: 2, massSun: 1.6, effectiveTemperatureK: 6000 });
    expect(star.densityCgs).toBeCloseTo((1.41 * 1.6) / 8, 12);
    expect(star.isDensityKnown).toBe(true);
    expect(star.assumptions).toEqual([]);
  });

  it('takes it from gravity and radius as mission headers give them', () => {
    const sun = assumeStar({ radiusSun: 1, logg: 4.438 });
    expect(sun.densityCgs).toBeCloseTo(1.41, 12);
    expect(sun.massSun).toBeCloseTo(1, 12);
    const redDwarf = assumeStar({ radiusSun: 0.314, logg: 4.94, effectiveTemperatureK: 3412 });
    expect(redDwarf.massSun).toBeCloseTo(0.313, 2);
    expect(redDwarf.densityCgs).toBeGreaterThan(10);
  });

  it('assumes a dwarf of the temperature, and says so', () => {
    const star = assumeStar({ effectiveTemperatureK: 5772 });
    expect(star.radiusSun).toBe(1);
    expect(star.isRadiusKnown).toBe(false);
    expect(star.isDensityKnown).toBe(false);
    expect(star.assumptions).toEqual([
      "The star's radius is unknown; a dwarf of 5772 K with 1.00 solar radii is assumed.",
    ]);
  });

  it('assumes a dwarf of the radius, and says so', () => {
    const star = assumeStar({ radiusSun: 0.45 });
    expect(star.massSun).toBeCloseTo(0.44, 12);
    expect(star.assumptions[0]).toContain('0.44 solar masses is assumed');
  });

  it('assumes the Sun where nothing is known, and says so', () => {
    const star = assumeStar({ radiusSun: NaN, effectiveTemperatureK: 0 });
    expect(star.densityCgs).toBe(1.41);
    expect(star.assumptions).toHaveLength(1);
    expect(star.densityDex).toBeGreaterThan(assumeStar({ radiusSun: 1, massSun: 1 }).densityDex);
  });
});
