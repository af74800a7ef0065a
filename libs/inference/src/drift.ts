/**
 * What of an input a model has hardly seen in training: there it answers by guessing. Each column is
 * looked at by itself.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import {
  type CategoryColumn,
  type NumberColumn,
  type Preprocessing,
  QUANTILE_SHARES,
  type VectorPreprocessing,
} from '#contracts';
import { isVector, type ModelInput, valueIn } from './preprocessing.js';

export interface Drift {
  readonly column: string;
  readonly value: number | string | null;
  readonly message: string;
}

/** What is rarer than this among the training rows was hardly seen. */
const RARE = 0.001;
const LOW = QUANTILE_SHARES.indexOf(RARE);
const HIGH = QUANTILE_SHARES.indexOf(0.999);

/**
 * @param input one that `featuresOf` takes
 * @returns a warning for each number outside of what 99.8 % of the training rows span, each category
 *   that was not among them, and each missing value where nearly none was missing
 */
export function driftOf(spec: Preprocessing, input: ModelInput): Drift[] {
  if (spec.kind === 'vector') return isVector(input) ? ofVector(spec, input) : [];
  if (isVector(input)) return []; // features, which have no columns any more
  return spec.columns.flatMap((column) => {
    const value = valueIn(input, column.name);
    const message = value === null ? ofMissing(column) : ofValue(column, value);
    return message === null ? [] : [{ column: column.name, value, message }];
  });
}

function ofMissing({ missing_share: share }: NumberColumn | CategoryColumn): string | null {
  return share < RARE ? 'It is missing, as in no training row, or nearly none.' : null;
}

function ofValue(column: NumberColumn | CategoryColumn, value: number | string): string | null {
  if (column.kind === 'number') return ofNumber(column.distribution, value as number);
  const seen = column.categories.find((each) => each.value === value);
  return (seen?.share ?? 0) < RARE ? 'No training row had it, or nearly none.' : null;
}

function ofNumber(quantiles: readonly number[], value: number): string | null {
  const [low, high] = [quantiles[LOW], quantiles[HIGH]];
  if (value >= low && value <= high) return null;
  return `99.8 % of the training rows lie between ${low} and ${high}.`;
}

/** By mean and standard deviation of each part. */
function ofVector({ parts }: VectorPreprocessing, input: readonly number[]): Drift[] {
  let at = 0;
  return parts.flatMap(({ name, length, mean, deviation }) => {
    const part = input.slice(at, at + length);
    at += length;
    const center = part.reduce((sum, each) => sum + each, 0) / length;
    const squares = part.reduce((sum, each) => sum + (each - center) ** 2, 0);
    const facts = [
      { column: `mean of ${name}`, value: center, quantiles: mean },
      { column: `deviation of ${name}`, value: Math.sqrt(squares / length), quantiles: deviation },
    ];
    return facts.flatMap(({ column, value, quantiles }) => {
      const message = ofNumber(quantiles, value);
      return message === null ? [] : [{ column, value, message }];
    });
  });
}
