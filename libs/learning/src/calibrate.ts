/**
 * Chooses how probabilities are made to mean what they say: not at all, by a temperature (Guo et al.
 * 2017, ICML), or class by class by isotonic regression (Zadrozny & Elkan 2002, KDD), whichever has
 * the least log loss on rows that the model did not learn from.
 *
 * Isotonic regression follows the very rows it is judged by, so it is judged by cross-fitting: each
 * half by what the other half gave.
 *
 * Pure: no I/O, no clock, no randomness. N is rows, C classes.
 */
import type { Calibration } from '#contracts';
import { calibrated } from '#inference';
import { logLoss } from './metrics/classification.js';

/** Isotonic steps need rows; Niculescu-Mizil & Caruana 2005, ICML, see it help from about 1,000. */
const LEAST_ROWS_ISOTONIC = 500;
/** Keeps a step at the end from saying never or always. */
const LEAST_PROBABILITY = 1e-4;
const MOST_KNOTS = 200;

export interface ChosenCalibration {
  readonly calibration: Calibration;
  /** Log loss by method; isotonic cross-fitted. */
  readonly losses: Readonly<Record<string, number>>;
}

/**
 * @param truth (N,) index of the class
 * @param probabilities (N * C,)
 */
export function chooseCalibration(
  truth: Float64Array,
  probabilities: Float64Array,
  classes: number,
): ChosenCalibration {
  const none: Calibration = { method: 'none' };
  const temperature = fitTemperature(truth, probabilities, classes);
  const losses: Record<string, number> = {
    none: logLoss(truth, probabilities, classes),
    temperature: lossAfter(temperature, truth, probabilities, classes),
  };
  let chosen: Calibration = losses.temperature < losses.none ? temperature : none;
  if (truth.length >= LEAST_ROWS_ISOTONIC) {
    losses.isotonic = crossFitted(truth, probabilities, classes);
    if (losses.isotonic < losses[chosen.method]) {
      chosen = fitIsotonic(truth, probabilities, classes);
    }
  }
  return { calibration: chosen, losses };
}

export function calibrateAll(
  calibration: Calibration,
  probabilities: Float64Array,
  classes: number,
): Float64Array {
  const out = new Float64Array(probabilities.length);
  for (let at = 0; at < out.length; at += classes) {
    out.set(calibrated(calibration, probabilities.subarray(at, at + classes)), at);
  }
  return out;
}

const lossAfter = (
  calibration: Calibration,
  truth: Float64Array,
  probabilities: Float64Array,
  classes: number,
) => logLoss(truth, calibrateAll(calibration, probabilities, classes), classes);

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const LOG_TEMPERATURES = [Math.log(0.05), Math.log(20)];

/** Golden-section search of its logarithm: the loss has one minimum in 1 / temperature. */
function fitTemperature(
  truth: Float64Array,
  probabilities: Float64Array,
  classes: number,
): Calibration & { method: 'temperature' } {
  const at = (x: number) => ({ method: 'temperature' as const, temperature: Math.exp(x) });
  const loss = (x: number) => lossAfter(at(x), truth, probabilities, classes);
  let [low, high] = LOG_TEMPERATURES;
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [lossA, lossB] = [loss(a), loss(b)];
  while (high - low > 1e-3) {
    if (lossA <= lossB) {
      [high, b, lossB] = [b, a, lossA];
      a = high - GOLDEN * (high - low);
      lossA = loss(a);
    } else {
      [low, a, lossA] = [a, b, lossB];
      b = low + GOLDEN * (high - low);
      lossB = loss(b);
    }
  }
  return at((low + high) / 2);
}

function crossFitted(truth: Float64Array, probabilities: Float64Array, classes: number): number {
  const half = (parity: number) => {
    const rows = Array.from(truth.keys()).filter((row) => row % 2 === parity);
    return {
      truth: Float64Array.from(rows, (row) => truth[row]),
      probabilities: Float64Array.from(
        rows.flatMap((row) => [...probabilities.subarray(row * classes, (row + 1) * classes)]),
      ),
    };
  };
  const [even, odd] = [half(0), half(1)];
  const loss = (fit: typeof even, judge: typeof even) =>
    judge.truth.length *
    lossAfter(
      fitIsotonic(fit.truth, fit.probabilities, classes),
      judge.truth,
      judge.probabilities,
      classes,
    );
  return (loss(even, odd) + loss(odd, even)) / truth.length;
}

function fitIsotonic(
  truth: Float64Array,
  probabilities: Float64Array,
  classes: number,
): Calibration {
  return {
    method: 'isotonic',
    classes: Array.from({ length: classes }, (_, k) => {
      const scores = Float64Array.from(truth, (_own, i) => probabilities[i * classes + k]);
      return isotonic(
        scores,
        Float64Array.from(truth, (own) => (own === k ? 1 : 0)),
      );
    }),
  };
}

/**
 * Pools neighbours until nothing descends (Ayer et al. 1955, Ann. Math. Stat. 26, 641); a knot at the
 * mean score of each block.
 */
export function isotonic(
  scores: Float64Array,
  truth: Float64Array,
): { from: number[]; to: number[] } {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b] || a - b);
  const blocks: { score: number; hits: number; rows: number }[] = [];
  let previous = NaN;
  for (const row of order) {
    // Rows of one score are one block from the start.
    const own = { score: scores[row], hits: truth[row], rows: 1 };
    if (scores[row] === previous) pool(blocks, own);
    else blocks.push(own);
    previous = scores[row];
    while (blocks.length > 1 && mean(blocks.at(-2)!) >= mean(blocks.at(-1)!)) {
      pool(blocks, blocks.pop()!);
    }
  }
  const every = Math.ceil(blocks.length / MOST_KNOTS);
  const kept = blocks.filter((_, i) => i % every === 0 || i === blocks.length - 1);
  const bounded = (x: number) => Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, x));
  const from = kept.map(({ score, rows }) => score / rows);
  const to = kept.map((block) => bounded(mean(block)));
  // One knot alone: the same everywhere.
  return from.length > 1 ? { from, to } : { from: [from[0], from[0] + 1], to: [to[0], to[0]] };
}

const mean = ({ hits, rows }: { hits: number; rows: number }) => hits / rows;

function pool(
  blocks: { score: number; hits: number; rows: number }[],
  { score, hits, rows }: { score: number; hits: number; rows: number },
): void {
  const last = blocks.at(-1)!;
  last.score += score;
  last.hits += hits;
  last.rows += rows;
}
