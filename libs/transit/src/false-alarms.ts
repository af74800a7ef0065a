/**
 * How probable it is that a curve without any planet gives a signal as good as one that was found:
 * asked of the curve itself, its signals masked and its days put into random order, over and over
 * (Thompson et al. 2018, ApJS 235, 38, section 2.3.2: scrambling keeps noise that is correlated over
 * hours, and the times of all gaps, but nothing that repeats).
 *
 * Each scrambled curve is searched as the real one was. The best score z of a search without a signal
 * has P(z² / 2 > x) falling as exp(-x) where noise is Gaussian, so that its maxima follow Gumbel's
 * distribution with a scale near 1 (Coles 2001, An Introduction to Statistical Modeling of Extreme
 * Values, section 3.1; Süveges 2014, MNRAS 440, 2099, for periodograms). Fitted to the maxima, it
 * reaches below one in their number. A scale below 1 is not believed: no noise is shorter-tailed.
 *
 * Pure; the seed's random numbers only. S is scrambled curves.
 */
import { seededRandom } from './random.js';
import { search } from './search.js';
import { invert, scramble } from './simulate.js';
import { withoutTransitsOf } from './transit-mask.js';
import type { DetectionParams, LightCurve, SearchGrid, Signal, Star } from './types.js';

/** Longer than transits and their red noise, shorter than most periods; no whole number of days. */
const BLOCK_DAYS = 1.3;
/** Half of what is masked around a found signal's mid-time, in durations: as in the search. */
const MASK_DURATIONS = 0.85;
/** A search without a signal still has a best one, far below any threshold. */
const LOWEST_SNR = 3;
/** Fewer maxima have no distribution. */
const FEWEST_TRIALS = 5;
const MOST_TRIALS = 20;
/** Additions of the coarse searches of all trials: a tenth of a second of folding, a second in all. */
const MOST_ADDITIONS = 1e9;
/** A union bound above it says nothing. */
const USEFUL_BOUND = 1e-3;
/** From this score on the bound is below 1e-20 on every grid, and asking the curve adds nothing. */
const BEYOND_DOUBT = 12;
/** Epochs tried per duration, at most. */
const FINEST_SAMPLES = 3;
/** Mean of Gumbel's distribution over its scale: Euler's constant. */
const EULER = 0.5772156649015329;

export interface FalseAlarms {
  /** Scrambled curves that were searched. */
  readonly trials: number;
  /** Gumbel's location and scale of z² / 2. */
  readonly location: number;
  readonly scale: number;
  /** Best score of the curve turned upside down, noise as it is and no transit in it. */
  readonly invertedScore: number;
}

/**
 * Searches `trials` scrambled curves and the inverted one. Costs as many rounds of search.
 *
 * @param curve detrended.
 * @param signals found in it; their transits are masked.
 * @param report gets the finished fraction after every search.
 * @returns null where `trials` is 0.
 * @throws {RangeError} where `trials` is neither 0 nor at least 5.
 */
export function falseAlarms(
  curve: LightCurve,
  star: Star,
  params: DetectionParams,
  signals: readonly Signal[],
  trials: number,
  report: (fraction: number) => void = () => {},
): FalseAlarms | null {
  if (trials === 0) return null;
  if (!(Number.isInteger(trials) && trials >= FEWEST_TRIALS)) {
    throw new RangeError(`trials must be 0 or a whole number from ${FEWEST_TRIALS}, not ${trials}`);
  }
  const rest = withoutTransitsOf(curve, signals, MASK_DURATIONS);
  const random = seededRandom(params.seed);
  const maxima = new Float64Array(trials);
  for (let i = 0; i < trials; i++) {
    const score = bestScore(scramble(rest, random, BLOCK_DAYS), star, params);
    maxima[i] = (score * score) / 2;
    report((i + 1) / (trials + 1));
  }
  const invertedScore = bestScore(invert(rest), star, params);
  report(1);
  return { trials, ...gumbelOf(maxima), invertedScore };
}

/**
 * How many scrambled curves to search where the user does not say: none where no signal is in doubt,
 * nor where a search takes so long (years of data) that too few could be searched in a second.
 */
export function chooseTrials(
  wanted: number | null,
  signals: readonly Signal[],
  grid: SearchGrid,
): number {
  if (wanted !== null) return wanted;
  const isInDoubt = signals.some(
    ({ periodDays, score }) => Number.isFinite(periodDays) && score < BEYOND_DOUBT,
  );
  if (!isInDoubt) return 0;
  const affordable = Math.floor(MOST_ADDITIONS / grid.cost);
  return affordable < FEWEST_TRIALS ? 0 : Math.min(MOST_TRIALS, affordable);
}

/**
 * In Gaussian noise: no more than the trials of period and epoch times the probability of one (union
 * bound). null where that is no small number.
 */
export function falseAlarmBound(grid: SearchGrid, score: number): number | null {
  const epochs = (24 * FINEST_SAMPLES * grid.maxPeriodDays) / grid.durationsHours[0];
  const bound = grid.periods * epochs * Math.exp((-score * score) / 2);
  return bound < USEFUL_BOUND ? bound : null;
}

/** Probability of one signal or more with at least this score in a curve without any. */
export function falseAlarmProbability(nulls: FalseAlarms, score: number): number {
  const excess = ((score * score) / 2 - nulls.location) / nulls.scale;
  return -Math.expm1(-Math.exp(-excess));
}

function bestScore(curve: LightCurve, star: Star, params: DetectionParams): number {
  const { rounds } = search(curve, star, { ...params, maxPlanets: 1, minSnr: LOWEST_SNR });
  let best = 0;
  for (const { signal } of rounds) {
    if (signal && Number.isFinite(signal.periodDays)) best = Math.max(best, signal.score);
  }
  return best;
}

/**
 * Location and scale by L-moments (Hosking 1990, J. R. Stat. Soc. B 52, 105): scale = λ₂ / ln 2,
 * location = λ₁ - γ · scale. Good for few values, and blind to no one of them.
 */
export function gumbelOf(maxima: Float64Array): { location: number; scale: number } {
  const sorted = maxima.slice().sort();
  const n = sorted.length;
  let [mean, weighted] = [0, 0];
  for (let i = 0; i < n; i++) {
    mean += sorted[i] / n;
    weighted += (sorted[i] * i) / (n * (n - 1));
  }
  const scale = Math.max(1, (2 * weighted - mean) / Math.LN2);
  return { location: mean - EULER * scale, scale };
}
