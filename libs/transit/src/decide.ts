/**
 * What to do with a candidate: accept, reject, or ask a human. Conservative: accepting takes a signal
 * that is strong, repeats, was fitted and fails nothing; rejecting takes evidence of something else.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { Classification, Decision, Signal, TransitFit, VettingTest } from './types.js';

export interface DecisionPolicy {
  /** Name and version, kept with every decision. */
  readonly name: string;
  /** SNR with red noise from which a candidate may be accepted. */
  readonly acceptSnr: number;
  /**
   * Signal detection efficiency from which a candidate may be accepted, unless its SNR is at least
   * `strongSnr`: a strong signal makes up the periodogram that it is compared with.
   */
  readonly acceptSde: number;
  readonly strongSnr: number;
  readonly acceptProbability: number;
  /** A signal that noise like this curve's gives more often than this is looked at by a human. */
  readonly acceptFalseAlarm: number;
  readonly acceptTransits: number;
  /** With more warnings than this a human looks. */
  readonly acceptWarnings: number;
  /** Tests of which one warning is enough for a human to look. */
  readonly reviewOnWarning: readonly string[];
  /** Tests whose failure says what the signal is instead: reject. */
  readonly convicting: readonly string[];
  /** Failures of the other tests that together reject; fewer ask a human. */
  readonly doubtsToReject: number;
  /** Tests without which nothing is accepted. */
  readonly required: readonly string[];
}

export const DEFAULT_POLICY: DecisionPolicy = {
  name: 'triage-5',
  // Kepler's 7.1 admits one false alarm in 100,000 white light curves; the vetting sorts out what real
  // noise adds. This and the next four: docs/vetting.md, with the curves that justify them.
  acceptSnr: 7.1,
  acceptSde: 5,
  strongSnr: 15,
  acceptProbability: 0.1,
  acceptFalseAlarm: 0.05,
  acceptTransits: 3,
  acceptWarnings: 2,
  reviewOnWarning: ['planet_radius', 'odd_even', 'secondary'],
  convicting: ['odd_even', 'secondary', 'planet_radius', 'shape', 'sinusoid'],
  doubtsToReject: 2,
  required: ['odd_even', 'secondary'],
};

export interface Evidence {
  readonly signal: Signal;
  readonly fit: TransitFit;
  readonly vetting: readonly VettingTest[];
  readonly classification: Classification;
  /** null or left out where it was not asked for, and for a single event. */
  readonly falseAlarmProbability?: number | null;
}

export function decide(evidence: Evidence, policy: DecisionPolicy = DEFAULT_POLICY): Decision {
  const { signal, vetting } = evidence;
  const failed = vetting.filter(({ verdict }) => verdict === 'fail');
  const convictions = convictionsOf(evidence, policy).sort((a, b) => excess(b) - excess(a));
  const doubts = failed.filter(({ test }) => !policy.convicting.includes(test));
  const sentences = [...convictions, ...doubts].map(({ message }) => message);
  const isSingle = !(signal.transitsObserved >= 2 && Number.isFinite(signal.periodDays));

  if (convictions.length > 0 || (doubts.length >= policy.doubtsToReject && !isSingle)) {
    return { action: 'reject', reasons: sentences, policy: policy.name };
  }
  const against = [...sentences, ...reservations(evidence, policy)];
  if (against.length > 0) {
    return { action: 'human_review', reasons: against, policy: policy.name };
  }
  return { action: 'accept', reasons: [support(evidence)], policy: policy.name };
}

/** What `neverAccepted` asks of a candidate. */
export interface AcceptanceFacts {
  readonly signal: Pick<Signal, 'periodDays' | 'transitsObserved'>;
  readonly fit: Pick<TransitFit, 'backend' | 'success' | 'message'>;
  readonly vetting: readonly Pick<VettingTest, 'test' | 'verdict' | 'message'>[];
}

/**
 * Why no policy may accept a candidate, however much speaks for it: a test says that it is something
 * else, or what a planet is known by was not measured. Empty: one may.
 */
export function neverAccepted(facts: AcceptanceFacts, policy = DEFAULT_POLICY): string[] {
  return [
    ...convictionsOf(facts, policy).map(({ message }) => message),
    ...notMeasured(facts, policy),
    ...notCompared(facts, policy),
  ];
}

function convictionsOf<Test extends Pick<VettingTest, 'test' | 'verdict'>>(
  { vetting }: { readonly vetting: readonly Test[] },
  policy: DecisionPolicy,
): Test[] {
  return vetting.filter(
    ({ test, verdict }) => verdict === 'fail' && policy.convicting.includes(test),
  );
}

/** How far beyond its threshold a test failed: the clearest case is named first. */
function excess({ value, threshold }: VettingTest): number {
  return value === null ? 0 : value / threshold;
}

/** Why a candidate that failed nothing is not accepted. */
function reservations(evidence: Evidence, policy: DecisionPolicy): string[] {
  const { signal, vetting, classification } = evidence;
  const chance = evidence.falseAlarmProbability ?? 0;
  const reasons = notMeasured(evidence, policy);
  if (!(signal.snr >= policy.acceptSnr)) {
    reasons.push(`SNR ${signal.snr.toFixed(1)} is below ${policy.acceptSnr}.`);
  }
  if (signal.snr < policy.strongSnr && !(signal.sde >= policy.acceptSde)) {
    reasons.push(
      `The peak hardly stands out of the periodogram: SDE ${signal.sde.toFixed(1)} is below ${policy.acceptSde}, and SNR ${signal.snr.toFixed(1)} below ${policy.strongSnr}.`,
    );
  }
  if (chance > policy.acceptFalseAlarm) {
    reasons.push(
      `Noise like this curve's gives so good a signal with probability ${chance.toFixed(2)}, above ${policy.acceptFalseAlarm}.`,
    );
  }
  reasons.push(...notCompared(evidence, policy));
  const warnings = vetting.filter(({ verdict }) => verdict === 'warn');
  const isMany = warnings.length > policy.acceptWarnings;
  for (const { test, message } of warnings) {
    if (isMany || policy.reviewOnWarning.includes(test)) reasons.push(message);
  }
  if (!(classification.probability >= policy.acceptProbability)) {
    reasons.push(
      `Probability ${classification.probability.toFixed(2)} (${classification.source}) is below ${policy.acceptProbability}.`,
    );
  }
  return reasons;
}

function notMeasured({ signal, fit }: AcceptanceFacts, policy: DecisionPolicy): string[] {
  const reasons: string[] = [];
  if (!Number.isFinite(signal.periodDays)) {
    reasons.push('A single event: its period is unknown.');
  } else if (signal.transitsObserved < policy.acceptTransits) {
    reasons.push(
      `${signal.transitsObserved} transits were seen; ${policy.acceptTransits} are needed to accept.`,
    );
  }
  if (fit.backend === 'mock') reasons.push('The fit is a mock; nothing was fitted.');
  if (!fit.success) reasons.push(`No transit model was fitted: ${fit.message}`);
  return reasons;
}

function notCompared({ signal, vetting }: AcceptanceFacts, policy: DecisionPolicy): string[] {
  if (!Number.isFinite(signal.periodDays)) return []; // nothing of it can be compared
  return vetting
    .filter(({ test, verdict }) => policy.required.includes(test) && verdict === 'not_computable')
    .map(({ message }) => message);
}

function support({ signal, vetting, classification }: Evidence): string {
  const passed = vetting.filter(({ verdict }) => verdict === 'pass').length;
  return `SNR ${signal.snr.toFixed(1)} in ${signal.transitsObserved} transits, ${passed} of ${vetting.length} tests passed and none failed, probability ${classification.probability.toFixed(2)}.`;
}
