/**
 * What a policy would have been worth on candidates that others decided on.
 *
 * A review tells the reward of every action, so that nothing has to be guessed of a reviewed candidate.
 * But teams do not review at random: they look at what was left to them. Each review is therefore
 * weighted by 1 / P(review | context, action taken), at most `MOST_WEIGHT`; candidates without one
 * count by what a model of the rewards expects:
 *
 *   inverse propensity, self-normalised:  Σ w r / Σ w          (Swaminathan & Joachims 2015, NIPS 28)
 *   doubly robust:  Σ q / N + Σ w (r - q) / Σ w                (Dudík, Langford & Li 2011, ICML)
 *
 * r the policy's mean reward given the review, q the same as the model expects it. The second is right
 * where either the weights or the model are. Model and weights come from other candidates than those
 * they are used on (learn-policy.ts).
 *
 * Intervals are those of a studentised bootstrap over targets (Efron & Tibshirani 1993, section 12.5):
 * candidates of one star are no independent witnesses, and a wrong accept is rare and dear, so that the
 * losses of a small sample are skewed; of 170 reviews, percentiles held the truth 83 times of 100, these 88 times. The
 * weights are taken as known in it, which makes intervals rather too wide than too narrow (Hirano, Imbens
 * & Ridder 2003, Econometrica 71, 1161).
 *
 * Pure: no I/O, no clock, no randomness but the seed's. P is policies, T targets.
 */
import { seededRandom } from '../random.js';

/** No review speaks for more candidates than this. */
export const MOST_WEIGHT = 20;

/** A candidate, as the estimates see it. */
export interface Outcome {
  readonly target: string;
  /** 1 / P(review) of a reviewed candidate, 0 of another. */
  readonly weight: number;
  /** (P,) expected reward of each policy, by the model. */
  readonly expected: readonly number[];
  /** (P,) reward of each policy, its choice averaged over; not read where the weight is 0. */
  readonly reward: readonly number[];
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Estimate {
  readonly doublyRobust: Interval;
  readonly inversePropensity: Interval;
  /** Plain mean over what was reviewed. */
  readonly reviewedOnly: number;
}

const REPEATS = 1000;
const TAIL = 0.025;
const SEED = 1;

/**
 * (P,) values of the policies. A difference of two policies is the policy whose rewards are the
 * differences.
 *
 * @throws {RangeError} where no outcome is reviewed
 */
export function estimate(outcomes: readonly Outcome[]): Estimate[] {
  const reviewed = outcomes.filter(({ weight }) => weight > 0);
  if (reviewed.length === 0) throw new RangeError('outcomes must hold a reviewed candidate');
  const samples = resampled(new Set(outcomes.map(({ target }) => target)).size);
  return outcomes[0].expected.map((_, p) => {
    const clusters = clustersOf(outcomes, p);
    return {
      doublyRobust: interval(clusters, samples, doublyRobust),
      inversePropensity: interval(clusters, samples, inversePropensity),
      reviewedOnly: reviewed.reduce((sum, { reward }) => sum + reward[p], 0) / reviewed.length,
    };
  });
}

/** As many reviews of a random sample say as much (Kish 1965, "Survey Sampling", section 11.7). */
export function effectiveSampleSize(outcomes: readonly Outcome[]): number {
  const sum = outcomes.reduce((total, { weight }) => total + weight, 0);
  return (sum * sum) / outcomes.reduce((total, { weight }) => total + weight * weight, 0);
}

/** Sums over the candidates of each target, (T,). */
interface Clusters {
  readonly count: Float64Array;
  readonly weight: Float64Array;
  readonly expected: Float64Array;
  readonly weightedReward: Float64Array;
  /** Weighted rewards less what the model expects of them. */
  readonly surprise: Float64Array;
}

function clustersOf(outcomes: readonly Outcome[], p: number): Clusters {
  const places = new Map<string, number>();
  for (const { target } of outcomes) if (!places.has(target)) places.set(target, places.size);
  const sums = () => new Float64Array(places.size);
  const clusters: Clusters = {
    count: sums(),
    weight: sums(),
    expected: sums(),
    weightedReward: sums(),
    surprise: sums(),
  };
  for (const { target, weight, expected, reward } of outcomes) {
    const at = places.get(target)!;
    clusters.count[at]++;
    clusters.weight[at] += weight;
    clusters.expected[at] += expected[p];
    if (weight === 0) continue;
    clusters.weightedReward[at] += weight * reward[p];
    clusters.surprise[at] += weight * (reward[p] - expected[p]);
  }
  return clusters;
}

/** How often each target is in each sample, (T,) of each; the same for all policies. */
function resampled(targets: number): Uint16Array[] {
  const random = seededRandom(SEED);
  return Array.from({ length: REPEATS }, () => {
    const times = new Uint16Array(targets);
    for (let i = 0; i < targets; i++) times[random.integer(targets)]++;
    return times;
  });
}

interface Ratio {
  readonly above: Float64Array;
  readonly below: Float64Array;
}

const doublyRobust = (clusters: Clusters): Ratio[] => [
  { above: clusters.expected, below: clusters.count },
  { above: clusters.surprise, below: clusters.weight },
];

const inversePropensity = (clusters: Clusters): Ratio[] => [
  { above: clusters.weightedReward, below: clusters.weight },
];

function interval(
  clusters: Clusters,
  samples: readonly Uint16Array[],
  ratiosOf: (clusters: Clusters) => Ratio[],
): Interval {
  const ratios = ratiosOf(clusters);
  const { value, error } = sumOfRatios(ratios, new Uint16Array(clusters.count.length).fill(1));
  const scores = samples
    .map((times) => {
      const sample = sumOfRatios(ratios, times);
      return (sample.value - value) / sample.error;
    })
    .filter(Number.isFinite) // a sample without reviews says nothing
    .sort((a, b) => a - b);
  if (scores.length === 0) return { value, low: value, high: value }; // what never varies
  const cut = Math.floor(TAIL * scores.length);
  return {
    value,
    low: value - error * scores[scores.length - 1 - cut],
    high: value - error * scores[cut],
  };
}

/**
 * Σ above / Σ below, summed over the ratios, and its standard error by linearisation.
 *
 * @param times (T,) how often each target counts
 */
function sumOfRatios(
  ratios: readonly Ratio[],
  times: Uint16Array,
): { value: number; error: number } {
  const influence = new Float64Array(times.length);
  let value = 0;
  for (const { above, below } of ratios) {
    const total = weightedSum(below, times);
    const ratio = weightedSum(above, times) / total;
    for (let i = 0; i < times.length; i++) influence[i] += (above[i] - ratio * below[i]) / total;
    value += ratio;
  }
  let variance = 0;
  for (let i = 0; i < times.length; i++) variance += times[i] * influence[i] * influence[i];
  return { value, error: Math.sqrt(variance) };
}

function weightedSum(values: Float64Array, times: Uint16Array): number {
  let sum = 0;
  for (let i = 0; i < times.length; i++) sum += times[i] * values[i];
  return sum;
}
