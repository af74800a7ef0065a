/**
 * Quadratic limb-darkening coefficients from temperature, gravity and band.
 *
 * Pure: no I/O, no clock, no randomness. The table and its sources: limb-darkening-table.ts.
 */
import { LIMB_DARKENING_TABLE, TABLE_LOGG, type Band } from './limb-darkening-table.js';
import type { Mission, Star } from './types.js';

export type { Band } from './limb-darkening-table.js';

export interface LimbDarkening {
  /** u1, u2 of I(mu) = 1 - u1 (1 - mu) - u2 (1 - mu)^2. */
  readonly coefficients: readonly [number, number];
  /** Where they come from, as a phrase for the results. */
  readonly source: string;
  /** Sentences: what was assumed, and what lay outside the tables. */
  readonly warnings: readonly string[];
}

/** IAU 2015 resolution B3: the nominal solar effective temperature, and the Sun's gravity. */
const SUN = { effectiveTemperatureK: 5772, logg: 4.438 };
/** The tables are of solar metallicity; beyond half a dex that is worth saying. */
const METALLICITY_WARNING_DEX = 0.5;

const SOURCES: Readonly<Record<Band, string>> = {
  Kepler: 'Claret et al. 2012 and 2013, Kepler band',
  TESS: 'Claret 2017, TESS band',
};

/** K2 flew Kepler's camera; an unknown band is taken as Kepler's. */
export function bandOf(mission: Mission): Band {
  return mission === 'TESS' ? 'TESS' : 'Kepler';
}

/** Interpolates the table, linear in temperature and in gravity, clamped at its ends. */
export function limbDarkeningOf(star: Star, band: Band): LimbDarkening {
  const warnings: string[] = [];
  const knownTemperature = positive(star.effectiveTemperatureK);
  const knownGravity = Number.isFinite(star.logg) ? star.logg! : null;
  if (knownTemperature === null) {
    warnings.push(
      `The star's temperature is unknown; limb darkening is that of the Sun (${SUN.effectiveTemperatureK} K).`,
    );
  } else if (knownGravity === null) {
    warnings.push(`The star's gravity is unknown; limb darkening takes log g = ${SUN.logg}.`);
  }
  const temperature = knownTemperature ?? SUN.effectiveTemperatureK;
  const gravity = knownTemperature === null ? SUN.logg : (knownGravity ?? SUN.logg);

  const rows = LIMB_DARKENING_TABLE[band];
  const temperatures = rows.map((entry) => entry.effectiveTemperatureK);
  const hot = locate(temperatures, temperature);
  const heavy = locate(TABLE_LOGG, gravity);
  if (hot.clamped) {
    warnings.push(
      `${temperature} K is outside the limb-darkening table (${temperatures[0]} to ${temperatures.at(-1)} K); its end was used.`,
    );
  }
  if (heavy.clamped) {
    warnings.push(
      `log g = ${gravity} is outside the limb-darkening table (${TABLE_LOGG[0]} to ${TABLE_LOGG.at(-1)}); its end was used.`,
    );
  }
  if (Math.abs(star.metallicity ?? 0) > METALLICITY_WARNING_DEX) {
    warnings.push(
      `Limb darkening is of solar metallicity; the star has [Fe/H] = ${star.metallicity}.`,
    );
  }
  const at = (coefficient: 0 | 1): number => {
    const column = (rowIndex: number) => {
      const values = rows[rowIndex].coefficients;
      return mix(
        values[heavy.index][coefficient],
        values[heavy.index + 1][coefficient],
        heavy.part,
      );
    };
    return mix(column(hot.index), column(hot.index + 1), hot.part);
  };
  return { coefficients: [at(0), at(1)], source: SOURCES[band], warnings };
}

function positive(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
}

function locate(knots: readonly number[], value: number) {
  const last = knots.length - 1;
  const inside = Math.min(Math.max(value, knots[0]), knots[last]);
  let index = 0;
  while (index < last - 1 && knots[index + 1] < inside) index++;
  return {
    index,
    part: (inside - knots[index]) / (knots[index + 1] - knots[index]),
    clamped: inside !== value,
  };
}

function mix(a: number, b: number, part: number): number {
  return part === 1 ? b : a + (b - a) * part; // as printed at a knot
}
