/**
 * What a planet is like where its star is known: from the fit's ratios and the star's radius and
 * temperature, with the errors of both (first order, independent).
 *
 * Winn 2010, arXiv:1001.2010, and Seager & Mallén-Ornelas 2003, ApJ 585, 1038: circular orbits.
 */
import { assumeStar, EARTH_RADII_PER_SUN, SUN_TEMPERATURE_K } from '../star.js';
import type { Estimate, TransitFit } from '../types.js';
import type { FitRequest } from './adapter.js';

/** Nominal solar radius over the astronomical unit, 695 700 km / 149 597 870.7 km (IAU 2015, 2012). */
const SUN_RADII_IN_AU = 695_700 / 149_597_870.7;

type PlanetEstimates = Pick<
  TransitFit,
  'planetRadiusEarth' | 'semiMajorAxisAu' | 'insolationEarth' | 'equilibriumTemperatureK'
>;

/** Each null where what it needs of the star is not known. */
export function planetEstimates(
  { star, mission }: Pick<FitRequest, 'star' | 'mission'>,
  radiusRatio: Estimate,
  axisRatio: Estimate,
): PlanetEstimates {
  const assumed = assumeStar(star, mission);
  const { radiusSun, effectiveTemperatureK, isRadiusKnown, isTemperatureKnown } = assumed;
  const axisError = axisRatio.error / axisRatio.value;
  // (T / T_sun)^4 (R* / a)^2 in units of the Sun's over 1 au.
  const insolation =
    (effectiveTemperatureK / SUN_TEMPERATURE_K) ** 4 / (axisRatio.value * SUN_RADII_IN_AU) ** 2;
  return {
    planetRadiusEarth: isRadiusKnown
      ? withErrors(radiusRatio.value * radiusSun * EARTH_RADII_PER_SUN, [
          radiusRatio.error / radiusRatio.value,
          assumed.radiusError,
        ])
      : null,
    semiMajorAxisAu: isRadiusKnown
      ? withErrors(axisRatio.value * radiusSun * SUN_RADII_IN_AU, [axisError, assumed.radiusError])
      : null,
    insolationEarth: isTemperatureKnown
      ? withErrors(insolation, [4 * assumed.temperatureError, 2 * axisError])
      : null,
    // Zero albedo, full redistribution: Teff sqrt(R* / 2a).
    equilibriumTemperatureK: isTemperatureKnown
      ? withErrors(effectiveTemperatureK * Math.sqrt(1 / (2 * axisRatio.value)), [
          assumed.temperatureError,
          0.5 * axisError,
        ])
      : null,
  };
}

/** @param relative one sigma of each factor over its value */
function withErrors(value: number, relative: readonly number[]): Estimate {
  return { value, error: value * Math.hypot(...relative) };
}
