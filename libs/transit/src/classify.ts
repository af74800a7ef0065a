/**
 * How likely a candidate is a planet, as a formula over the vetting metrics: the placeholder of a
 * trained model, and its baseline. The weights are set by hand so that each term means something; the
 * result orders candidates and is not calibrated.
 *
 *   logit = -0.5 + 1.5 ln(SNR / 7.1) + ln(transits / 3) + ln(uniqueness / 1.3) - 3.5 fails - 0.7 warnings
 *
 * with each logarithm limited to its range below. At SNR 7.1, three transits, a uniqueness of 1.3 and
 * nothing against it, a candidate has 38 %; one failed test divides the odds by 33.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { Classification, Signal, VettingTest } from './types.js';

export const FORMULA_SOURCE = 'formula 1';

const INTERCEPT = -0.5;
const WEIGHTS = {
  log_snr: 1.5,
  log_transits: 1,
  log_uniqueness: 1,
  failed_tests: -3.5,
  warnings: -0.7,
} as const;

export function classify(signal: Signal, vetting: readonly VettingTest[]): Classification {
  const count = (verdict: VettingTest['verdict']) =>
    vetting.filter((test) => test.verdict === verdict).length;
  const uniqueness = vetting.find(({ test }) => test === 'uniqueness')?.value ?? null;
  const features: Record<keyof typeof WEIGHTS, number> = {
    log_snr: limited(Math.log(signal.snr / 7.1), 0, 3),
    log_transits: limited(Math.log(signal.transitsObserved / 3), -1.1, 1.5),
    // Where nothing could be compared, the uniqueness says neither yes nor no.
    log_uniqueness: uniqueness === null ? 0 : limited(Math.log(uniqueness / 1.3), -1, 2),
    failed_tests: count('fail'),
    warnings: count('warn'),
  };
  const logit = Object.entries(WEIGHTS).reduce(
    (sum, [name, weight]) => sum + weight * features[name as keyof typeof WEIGHTS],
    INTERCEPT,
  );
  return { probability: 1 / (1 + Math.exp(-logit)), source: FORMULA_SOURCE, features };
}

function limited(value: number, low: number, high: number): number {
  return Number.isNaN(value) ? low : Math.min(high, Math.max(low, value));
}
