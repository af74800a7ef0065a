/**
 * What the pipeline takes the star to be: measured where the file says so, derived where two numbers
 * give a third, a dwarf of its temperature where only that is known, and the Sun otherwise.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { Mission, Star } from './types.js';

export interface AssumedStar {
  readonly radiusSun: number;
  readonly massSun: number;
  readonly effectiveTemperatureK: number;
  /** One sigma of the radius and of the temperature over their values. */
  readonly radiusError: number;
  readonly temperatureError: number;
  /** Mean density in g/cm^3. */
  readonly densityCgs: number;
  /** One sigma of log10 of the density. */
  readonly densityDex: number;
  /** Whether the density comes from measurements of this star. */
  readonly isDensityKnown: boolean;
  readonly isRadiusKnown: boolean;
  readonly isTemperatureKnown: boolean;
  /** Sentences: what was assumed. Empty where everything is known. */
  readonly assumptions: readonly string[];
}

/** Mean density of the Sun, g/cm^3 (IAU 2015 nominal radius, GM_sun and CODATA G). */
export const SUN_DENSITY_CGS = 1.41;
/** log10 of the Sun's surface gravity in cm/s^2 (IAU 2015 resolution B3). */
const SUN_LOGG = 4.438;
export const SUN_TEMPERATURE_K = 5772;
/** IAU 2015 nominal radii, 695 700 km and 6378.1 km. */
export const EARTH_RADII_PER_SUN = 109.076;
/** IAU 2015 nominal equatorial radii, 71 492 km and 6378.1 km. */
export const EARTH_RADII_PER_JUPITER = 11.209;

/**
 * One sigma of log10 density by what it rests on. Radius and gravity in mission headers are
 * photometric: log g to 0.1 (TESS Input Catalog, Stassun et al. 2019) to 0.4 dex (Kepler Input
 * Catalog, Brown et al. 2011). A dwarf of known temperature evolves by a factor of two to three in
 * density. An unknown star covers M dwarfs to subgiants.
 */
const DENSITY_DEX = { measured: 0.15, gravity: 0.25, dwarf: 0.3, unknown: 0.6 };

/**
 * One sigma over the value where a file gives none, as none of the missions' does. TESS headers quote
 * the TIC: medians over the TOI table of the NASA Exoplanet Archive (2025-10-04). Kepler and K2
 * headers quote the KIC and EPIC: a radius is 4 to 5 times less certain there than the 8 % of Gaia
 * (Berger et al. 2018, ApJ 866, 99); the temperature is the median over the KOI table.
 */
const CATALOGUE_ERRORS = {
  TESS: { radius: 0.05, temperature: 0.023 },
  Kepler: { radius: 0.35, temperature: 0.03 },
};

/** Mean dwarfs: K, solar radii, solar masses (Pecaut & Mamajek 2013, ApJS 208, 9, table 5). */
const DWARFS: readonly (readonly [number, number, number])[] = [
  [2800, 0.12, 0.1],
  [3060, 0.2, 0.16],
  [3410, 0.36, 0.37],
  [3560, 0.45, 0.44],
  [3850, 0.59, 0.57],
  [4440, 0.7, 0.7],
  [5270, 0.81, 0.88],
  [5660, 0.98, 0.98],
  [5772, 1, 1],
  [6170, 1.2, 1.13],
  [6550, 1.47, 1.33],
  [7220, 1.73, 1.61],
  [8080, 1.79, 1.88],
  [9700, 2.09, 2.3],
];

/** @param mission whose catalogue gave the numbers; it decides errors that the file does not give. */
export function assumeStar(star: Star, mission: Mission = 'TESS'): AssumedStar {
  const radius = positive(star.radiusSun);
  const mass = positive(star.massSun);
  const temperature = positive(star.effectiveTemperatureK);
  const logg = star.logg !== undefined && Number.isFinite(star.logg) ? star.logg : null;
  const dwarf = temperature === null ? null : dwarfOf(temperature);
  const catalogue = CATALOGUE_ERRORS[mission === 'Kepler' || mission === 'K2' ? 'Kepler' : 'TESS'];
  const known = {
    effectiveTemperatureK: temperature ?? SUN_TEMPERATURE_K,
    isTemperatureKnown: temperature !== null,
    isRadiusKnown: radius !== null,
    radiusError: relativeError(star.radiusErrorSun, radius) ?? catalogue.radius,
    temperatureError:
      relativeError(star.effectiveTemperatureErrorK, temperature) ?? catalogue.temperature,
  };

  if (radius !== null && mass !== null) {
    return {
      ...known,
      radiusSun: radius,
      massSun: mass,
      densityCgs: (SUN_DENSITY_CGS * mass) / radius ** 3,
      densityDex: DENSITY_DEX.measured,
      isDensityKnown: true,
      assumptions: [],
    };
  }
  if (radius !== null && logg !== null) {
    const gravity = 10 ** (logg - SUN_LOGG);
    return {
      ...known,
      radiusSun: radius,
      massSun: gravity * radius * radius,
      densityCgs: (SUN_DENSITY_CGS * gravity) / radius,
      densityDex: DENSITY_DEX.gravity,
      isDensityKnown: true,
      assumptions: [],
    };
  }
  if (radius !== null) {
    const massOfRadius = interpolate(radius, 1, 2);
    return {
      ...known,
      radiusSun: radius,
      massSun: massOfRadius,
      densityCgs: (SUN_DENSITY_CGS * massOfRadius) / radius ** 3,
      densityDex: DENSITY_DEX.dwarf,
      isDensityKnown: false,
      assumptions: [
        `The star's mass is unknown; a dwarf of ${radius} solar radii with ${massOfRadius.toFixed(2)} solar masses is assumed.`,
      ],
    };
  }
  if (dwarf !== null) {
    return {
      ...known,
      radiusSun: dwarf.radiusSun,
      massSun: dwarf.massSun,
      densityCgs: (SUN_DENSITY_CGS * dwarf.massSun) / dwarf.radiusSun ** 3,
      densityDex: DENSITY_DEX.dwarf,
      isDensityKnown: false,
      assumptions: [
        `The star's radius is unknown; a dwarf of ${temperature} K with ${dwarf.radiusSun.toFixed(2)} solar radii is assumed.`,
      ],
    };
  }
  return {
    ...known,
    radiusSun: 1,
    massSun: 1,
    densityCgs: SUN_DENSITY_CGS,
    densityDex: DENSITY_DEX.unknown,
    isDensityKnown: false,
    assumptions: [
      'Nothing is known of the star; radius, mass and temperature of the Sun are assumed.',
    ],
  };
}

function positive(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
}

function relativeError(error: number | undefined, value: number | null): number | null {
  const known = positive(error);
  return known === null || value === null ? null : known / value;
}

function dwarfOf(temperatureK: number) {
  return { radiusSun: interpolate(temperatureK, 0, 1), massSun: interpolate(temperatureK, 0, 2) };
}

/** Reads a column of `DWARFS` at a value of another one, which increases; clamped at the ends. */
function interpolate(value: number, from: 0 | 1, to: 1 | 2): number {
  const last = DWARFS.length - 1;
  if (value <= DWARFS[0][from]) return DWARFS[0][to];
  if (value >= DWARFS[last][from]) return DWARFS[last][to];
  let i = 0;
  while (DWARFS[i + 1][from] < value) i++;
  const part = (value - DWARFS[i][from]) / (DWARFS[i + 1][from] - DWARFS[i][from]);
  return DWARFS[i][to] + part * (DWARFS[i + 1][to] - DWARFS[i][to]);
}
