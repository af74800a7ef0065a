/**
 * How likely a candidate is a planet, as a formula over the vetting metrics: for searches without
 * models, and the baseline that models are measured against. The weights are set by hand so that each
 * term means something; the result orders candidates and is not calibrated.
 *
 *   logit = -0.5 + 1.5 ln(SNR / 7.1) + ln(transits / 3) + ln(uniqueness / 1.3) - 3.5 fails - 0.7 warnings
 *
 * with each logarithm limited to its range below. At SNR 7.1, three transits, a uniqueness of 1.3 and
 * nothing against it, a candidate has 38 %; one failed test divides the odds by 33.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { Classification, ClassifierInput, LightCurve, Signal, VettingTest } from './types.js';
import { candidateViews, VIEW_FEATURES } from './views.js';

export const FORMULA_SOURCE = 'formula 1';

/** What the vetting says of a candidate, as numbers. */
export type CandidateFeatures = Readonly<
  Record<'log_snr' | 'log_transits' | 'log_uniqueness' | 'failed_tests' | 'warnings', number>
>;

const INTERCEPT = -0.5;
const WEIGHTS: CandidateFeatures = {
  log_snr: 1.5,
  log_transits: 1,
  log_uniqueness: 1,
  failed_tests: -3.5,
  warnings: -0.7,
};

export function candidateFeatures(
  signal: Signal,
  vetting: readonly VettingTest[],
): CandidateFeatures {
  const count = (verdict: VettingTest['verdict']) =>
    vetting.filter((test) => test.verdict === verdict).length;
  const uniqueness = vetting.find(({ test }) => test === 'uniqueness')?.value ?? null;
  return {
    log_snr: limited(Math.log(signal.snr / 7.1), 0, 3),
    log_transits: limited(Math.log(signal.transitsObserved / 3), -1.1, 1.5),
    // Where nothing could be compared, the uniqueness says neither yes nor no.
    log_uniqueness: uniqueness === null ? 0 : limited(Math.log(uniqueness / 1.3), -1, 2),
    failed_tests: count('fail'),
    warnings: count('warn'),
  };
}

/**
 * null where there is no dip to be seen, once its trend is known better: no model was trained on that.
 *
 * @param curve detrended, without the transits of other candidates: the one that was vetted
 */
export function classifierInput(
  curve: LightCurve,
  signal: Signal,
  vetting: readonly VettingTest[],
): ClassifierInput | null {
  if (!(signal.depthPpm > 0 && signal.durationHours > 0)) return null;
  const { global, local } = candidateViews(curve, signal);
  const views = new Float32Array(VIEW_FEATURES);
  views.set(global);
  views.set(local, global.length);
  return { views, features: candidateFeatures(signal, vetting) };
}

/** The classifier that needs no model. */
export function formulaClassifier({ features }: Pick<ClassifierInput, 'features'>): Classification {
  const logit = Object.entries(WEIGHTS).reduce(
    (sum, [name, weight]) => sum + weight * features[name as keyof CandidateFeatures],
    INTERCEPT,
  );
  const probability = 1 / (1 + Math.exp(-logit));
  return { probability, source: FORMULA_SOURCE, features, models: [], embedding: null };
}

function limited(value: number, low: number, high: number): number {
  return Number.isNaN(value) ? low : Math.min(high, Math.max(low, value));
}
