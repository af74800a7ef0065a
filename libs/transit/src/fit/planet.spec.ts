import { describe, expect, it } from 'vitest';
import { planetEstimates } from './planet.js';

const sun = { radiusSun: 1, massSun: 1, effectiveTemperatureK: 5772 };
const exact = (value: number) => ({ value, error: 0 });
const earth = { radiusRatio: exact(1 / 109.076), axisRatio: exact(215.032) };

const errorOver = (estimate: { value: number; error: number } | null) =>
  estimate!.error / estimate!.value;

describe('planetEstimates', () => {
  it('B.24 gives the Earth its radius, its orbit, its sunlight and 278.6 K', () => {
    const { radiusRatio, axisRatio } = earth;
    const planet = planetEstimates({ star: sun, mission: 'TESS' }, radiusRatio, axisRatio);
    expect(planet.planetRadiusEarth?.value).toBeCloseTo(1, 5);
    expect(planet.semiMajorAxisAu?.value).toBeCloseTo(1, 4);
    expect(planet.insolationEarth?.value).toBeCloseTo(1, 4);
    // Sunlight of 1361 W/m^2 spread over four times the disk, through Stefan and Boltzmann's law.
    expect(planet.equilibriumTemperatureK?.value).toBeCloseTo((1361 / 4 / 5.670374e-8) ** 0.25, 0);
  });

  it('B.24 carries the errors of the star into what follows from it', () => {
    const star = { ...sun, radiusErrorSun: 0.03, effectiveTemperatureErrorK: 57.72 };
    const radiusRatio = { value: 0.1, error: 0.004 };
    const axisRatio = { value: 10, error: 0.5 };
    const planet = planetEstimates({ star, mission: 'Kepler' }, radiusRatio, axisRatio);
    expect(errorOver(planet.planetRadiusEarth)).toBeCloseTo(0.05, 10); // 3 % and 4 %
    expect(errorOver(planet.semiMajorAxisAu)).toBeCloseTo(Math.hypot(0.03, 0.05), 10);
    expect(errorOver(planet.insolationEarth)).toBeCloseTo(Math.hypot(0.04, 0.1), 10);
    expect(errorOver(planet.equilibriumTemperatureK)).toBeCloseTo(Math.hypot(0.01, 0.025), 10);
  });

  it("takes the error of the mission's catalogue where the file gives none", () => {
    const { radiusRatio, axisRatio } = earth;
    const of = (mission: 'Kepler' | 'TESS') =>
      planetEstimates({ star: sun, mission }, radiusRatio, axisRatio);
    expect(errorOver(of('TESS').planetRadiusEarth)).toBeCloseTo(0.05, 10);
    expect(errorOver(of('Kepler').planetRadiusEarth)).toBeCloseTo(0.35, 10);
  });

  it('is null, never NaN, where the star is not known', () => {
    const { radiusRatio, axisRatio } = earth;
    expect(planetEstimates({ star: {}, mission: 'TESS' }, radiusRatio, axisRatio)).toEqual({
      planetRadiusEarth: null,
      semiMajorAxisAu: null,
      insolationEarth: null,
      equilibriumTemperatureK: null,
    });
    const hot = { effectiveTemperatureK: 5772 };
    const planet = planetEstimates({ star: hot, mission: 'TESS' }, radiusRatio, axisRatio);
    expect(planet.semiMajorAxisAu).toBeNull();
    expect(planet.insolationEarth?.value).toBeCloseTo(1, 4);
  });
});
