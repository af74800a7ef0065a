/** Where an input lies outside of what its model was trained on. It is answered all the same. */
import {
  type CategoryColumn,
  type NumberColumn,
  type Preprocessing,
  QUANTILE_SHARES,
} from '#contracts';
import { isMissingValue, type ModelInput, placeOf } from './preprocessing.js';

export interface Drift {
  /** The column, or the part of a vector. */
  readonly column: string;
  /** null where the value is missing. For a part of a vector: its mean or its deviation. */
  readonly value: number | string | null;
  readonly why: string;
}

/** The central 99.8 % of the training rows lie between these two. */
const LOWEST = QUANTILE_SHARES.indexOf(0.001);
const HIGHEST = QUANTILE_SHARES.indexOf(0.999);
/** A missing value is unusual where fewer of the training rows had one. */
const RARELY_MISSING = 0.001;

/** @param input one that `featuresOf` takes */
export function driftOf(spec: Preprocessing, input: ModelInput): Drift[] {
  if (spec.kind === 'columns') {
    const values = input as Readonly<Record<string, number | string | null>>;
    return spec.columns.flatMap((column) => {
      const value = values[column.name] ?? null;
      const why = columnDrift(column, value);
      return why === null ? [] : [{ column: column.name, value, why }];
    });
  }
  let start = 0;
  return spec.parts.flatMap(({ name, length, mean, deviation }) => {
    const part = (input as readonly number[]).slice(start, start + length);
    start += length;
    const center = part.reduce((sum, value) => sum + value, 0) / length;
    const spread = Math.sqrt(part.reduce((sum, x) => sum + (x - center) ** 2, 0) / length);
    return (
      [
        ['mean', center, mean],
        ['standard deviation', spread, deviation],
      ] as const
    ).flatMap(([what, value, quantiles]) => {
      const why = outside(value, quantiles);
      return why === null ? [] : [{ column: name, value, why: `Its ${what}: ${why}` }];
    });
  });
}

function columnDrift(column: NumberColumn | CategoryColumn, value: unknown): string | null {
  if (isMissingValue(value)) {
    if (column.missing_share >= RARELY_MISSING) return null;
    return `Missing, which ${percent(column.missing_share)} of the training rows were.`;
  }
  if (column.kind === 'number') return outside(value as number, column.distribution);
  if (placeOf(column, value as string) >= 0) return null;
  return 'A category that no training row had.';
}

function outside(value: number, quantiles: readonly number[]): string | null {
  const [low, high] = [quantiles[LOWEST], quantiles[HIGHEST]];
  if (value >= low && value <= high) return null;
  return `${value} is outside ${low} to ${high}, where 99.8 % of the training rows lie.`;
}

const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
