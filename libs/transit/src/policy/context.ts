/**
 * What a policy that learns looks at: a candidate as a dozen numbers, each between -1 and 1.
 *
 * All of them are made of what a stored candidate holds, so that old reviews can be learnt from too.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import { DEFAULT_POLICY, type Evidence } from '../decide.js';
import type { VettingTest } from '../types.js';

/** Changes with the names, their order, or what any of them means. */
export const CONTEXT_VERSION = 'context-1';

export const CONTEXT_NAMES = [
  'constant',
  'snr',
  'sde',
  'probability',
  'log_odds',
  'failed_tests',
  'convicted',
  'warnings',
  'transits',
  'false_alarm',
  'false_alarm_unknown',
  'single_event',
] as const;

/** A candidate as the store knows it. */
export interface ContextSource {
  readonly snr: number;
  readonly sde: number;
  readonly probability: number;
  /** null where it was not asked for. */
  readonly falseAlarmProbability: number | null;
  readonly isSingle: boolean;
  /** Those of the candidate alone: a match with other targets is found after the decision. */
  readonly vetting: readonly Pick<VettingTest, 'test' | 'value' | 'verdict'>[];
}

export const contextSourceOf = (evidence: Evidence): ContextSource => ({
  snr: evidence.signal.snr,
  sde: evidence.signal.sde,
  probability: evidence.classification.probability,
  falseAlarmProbability: evidence.falseAlarmProbability ?? null,
  isSingle: !Number.isFinite(evidence.signal.periodDays),
  vetting: evidence.vetting,
});

/**
 * (C,) in the order of `CONTEXT_NAMES`. Logarithms are counted from the thresholds of `decide`, so
 * that 0 is where it changes its mind, and are limited to where more of the same says nothing new.
 */
export function contextOf(source: ContextSource): number[] {
  const { probability, falseAlarmProbability: chance, vetting } = source;
  const count = (verdict: VettingTest['verdict']) =>
    vetting.filter((test) => test.verdict === verdict).length;
  const isConvicted = vetting.some(
    ({ test, verdict }) => verdict === 'fail' && DEFAULT_POLICY.convicting.includes(test),
  );
  const transits = vetting.find(({ test }) => test === 'transit_coverage')?.value ?? null;
  const values: Record<(typeof CONTEXT_NAMES)[number], number> = {
    constant: 1,
    snr: limited(Math.log(source.snr / DEFAULT_POLICY.acceptSnr) / 3),
    sde: limited(Math.log(source.sde / DEFAULT_POLICY.acceptSde) / 2),
    probability,
    log_odds: limited(Math.log(probability / (1 - probability)) / 6),
    failed_tests: limited(count('fail') / 4),
    convicted: isConvicted ? 1 : 0,
    warnings: limited(count('warn') / 5),
    transits:
      transits === null ? 0 : limited(Math.log(transits / DEFAULT_POLICY.acceptTransits) / 3),
    false_alarm: chance === null ? 0 : limited(-Math.log10(chance) / 6),
    false_alarm_unknown: chance === null ? 1 : 0,
    single_event: source.isSingle ? 1 : 0,
  };
  return CONTEXT_NAMES.map((name) => values[name]);
}

/** What is not a number says as little as can be said: the logarithm of nothing. */
const limited = (value: number): number =>
  Number.isNaN(value) ? -1 : Math.min(1, Math.max(-1, value));
