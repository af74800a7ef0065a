/**
 * How probable it is that a curve without any planet gives a signal as good as one that was found:
 * asked of the curve itself, its days put into random order, over and over
 * (Thompson et al. 2018, ApJS 235, 38, section 2.3.2: scrambling keeps noise that is correlated over
 * hours, and the times of all gaps, but nothing that repeats).
 *
 * Each scrambled curve is searched as the real one was, and so is the curve turned upside down, which
 * keeps the order of its noise and holds no transit (the same section): its best score counts as one
 * more maximum. The best score z of a search without a signal
 * has P(z² / 2 > x) falling as exp(-x) where noise is Gaussian, so that its maxima follow Gumbel's
 * distribution, which reaches below one in their number: see extreme-value.ts.
 *
 * Like is compared with like. Any two glitches of a detector are a pair at some period, and the best
 * pair of years with a dozen of them has an SNR of 15 to 40; a third glitch in step is rare. A signal
 * of three transits or more is therefore compared with the best of as many transits in each null
 * curve, whose search masks its pairs and goes on until it finds one, and a pair with the best signal
 * of all. Which of the two is asked depends on what was found, and nobody accepts a pair: what is
 * accepted has the probability that it says.
 *
 * Signals that no noise could have made are masked. The others stay in and are scrambled with the
 * rest, as in any permutation test: masking the best signal of pure noise takes its strongest dips
 * away, and of 150 such curves 0.23 (white) and 0.29 (red) then had a probability below 0.1. A weak
 * signal that is real adds its dips to the noise, which errs on the side of caution.
 *
 * Pure; the seed's random numbers only. S is scrambled curves.
 */
import { Scratch } from '#kernels';
import { exceedance } from './extreme-value.js';
import { seededRandom } from './random.js';
import { search } from './search.js';
import { invert, scramble } from './simulate.js';
import { withoutTransitsOf } from './transit-mask.js';
import type { DetectionParams, LightCurve, SearchGrid, Signal, Star } from './types.js';
import { THRESHOLDS } from './vetting/thresholds.js';

/** Longer than transits and their red noise, shorter than most periods; no whole number of days. */
const BLOCK_DAYS = 1.3;
/** Half of what is masked around a found signal's mid-time, in durations: as in the search. */
const MASK_DURATIONS = 0.85;
/** A search without a signal still has a best one, far below any threshold. */
const LOWEST_SNR = 3;
/** Fewer maxima have no distribution. */
const FEWEST_TRIALS = 5;
/**
 * Of 400 planets and 4,500 curves without, all of SNR 7 and more, twenty tell no more false alarms than
 * ten (docs/vetting.md).
 */
const MOST_TRIALS = 10;
/** Additions of the coarse searches of all trials: a second or two of folding, ten searches of four years. */
const MOST_ADDITIONS = 1.5e10;
/** A union bound above it says nothing. */
const USEFUL_BOUND = 1e-3;
/**
 * From this score on the bound is below 1e-20 on every grid: asking the curve adds nothing, and the
 * signal is no part of its noise.
 */
const BEYOND_DOUBT = 12;
/** A signal with a lower probability is no noise, and masked when others that have none are judged again. */
const REAL = 0.01;
/** Epochs tried per duration, at most. */
const FINEST_SAMPLES = 3;

/** The best signals of null curves. */
export interface NullMaxima {
  /** (S,) best z² / 2 of each scrambled curve; 0 where it has none. */
  readonly scrambled: readonly number[];
  /** The same of the curve turned upside down, noise as it is and no transit in it. */
  readonly inverted: number;
}

export interface FalseAlarms {
  /** Scrambled curves that were searched. */
  readonly trials: number;
  /** Of all signals that repeat, be it once. */
  readonly pairs: NullMaxima;
  /** Of signals that have the transits for which a period is believed: three. */
  readonly several: NullMaxima;
}

/**
 * Searches `trials` scrambled curves and the inverted one, and once more as many where some weak signals
 * turn out to be real and others do not: without the noise that the real ones were.
 *
 * @param curve detrended.
 * @param signals found in it; the transits of those beyond doubt are masked.
 * @param report gets the finished fraction in every search and after it.
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
  scratch = new Scratch(),
): FalseAlarms | null {
  if (trials === 0) return null;
  if (!(Number.isInteger(trials) && trials >= FEWEST_TRIALS)) {
    throw new RangeError(`trials must be 0 or a whole number from ${FEWEST_TRIALS}, not ${trials}`);
  }
  const random = seededRandom(params.seed);
  const searchNulls = (masked: readonly Signal[], from: number, to: number): FalseAlarms => {
    const rest = withoutTransitsOf(curve, masked, MASK_DURATIONS);
    const tell = (done: number) => report(from + ((to - from) * done) / (trials + 1));
    const best = (curveWithout: LightCurve, done: number) =>
      bestPowers(curveWithout, star, params, (fraction) => tell(done + fraction), scratch);
    const scrambled: BestPowers[] = [];
    for (let i = 0; i < trials; i++) {
      scrambled.push(best(scramble(rest, random, BLOCK_DAYS), i));
      tell(i + 1);
    }
    const inverted = best(invert(rest), trials);
    tell(trials + 1);
    const of = (kind: keyof BestPowers): NullMaxima => ({
      scrambled: scrambled.map((each) => each[kind]),
      inverted: inverted[kind],
    });
    return { trials, pairs: of('pairs'), several: of('several') };
  };
  const certain = signals.filter(({ score }) => score >= BEYOND_DOUBT);
  const nulls = searchNulls(certain, 0, 1 / 2);
  const real = signals.filter(
    (signal) => certain.includes(signal) || falseAlarmProbability(nulls, signal) < REAL,
  );
  const isNew = real.length > certain.length;
  const isAnyLeft = signals.some(
    (signal) => Number.isFinite(signal.periodDays) && !real.includes(signal),
  );
  const isSettled = !(isNew && isAnyLeft);
  report(isSettled ? 1 : 1 / 2);
  return isSettled ? nulls : searchNulls(real, 1 / 2, 1);
}

/**
 * How many scrambled curves to search where the user does not say: none where no signal is in doubt,
 * nor where a search takes so long that too few could be searched in seconds.
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

/**
 * Probability of one signal or more with at least this score in a curve without any, among signals of
 * three transits or more where it has as many; by counting alone where too few of the searched curves
 * held one at all.
 */
export function falseAlarmProbability(
  { pairs, several }: Pick<FalseAlarms, 'pairs' | 'several'>,
  { score, transitsObserved }: Pick<Signal, 'score' | 'transitsObserved'>,
): number {
  const power = (score * score) / 2;
  const { scrambled, inverted } = transitsObserved < THRESHOLDS.transits ? pairs : several;
  const maxima = [...scrambled, inverted];
  const held = maxima.filter((each) => each > 0);
  if (held.length < FEWEST_TRIALS || held.every((each) => each === held[0])) {
    return (1 + held.filter((each) => each >= power).length) / (1 + maxima.length);
  }
  return (held.length / maxima.length) * exceedance(held, power).probability;
}

interface BestPowers {
  readonly pairs: number;
  readonly several: number;
}

/** z² / 2 of the best signal that repeats, and of the best with three transits; 0 where there is none. */
function bestPowers(
  curve: LightCurve,
  star: Star,
  params: DetectionParams,
  report: (fraction: number) => void,
  scratch: Scratch,
): BestPowers {
  const noPlanets = { ...params, maxPlanets: 1, minSnr: LOWEST_SNR };
  const leastTransits = THRESHOLDS.transits;
  const tell = (_: unknown, fraction: number) => report(fraction);
  const { rounds } = search(curve, star, noPlanets, tell, { leastTransits, scratch });
  let [pairs, several] = [0, 0];
  for (const { signal } of rounds) {
    if (!signal || !Number.isFinite(signal.periodDays)) continue;
    const power = (signal.score * signal.score) / 2;
    pairs = Math.max(pairs, power);
    if (signal.transitsObserved >= leastTransits) several = Math.max(several, power);
  }
  return { pairs, several };
}
