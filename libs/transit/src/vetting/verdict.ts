/** Forms that all vetting tests share. */
import type { Verdict, VettingTest } from '../types.js';

export function verdictOf(isFail: boolean, isWarn: boolean): Verdict {
  return isFail ? 'fail' : isWarn ? 'warn' : 'pass';
}

/** "Not computable" is a result too: the sentence says what was missing. */
export function notComputable(test: string, threshold: number, message: string): VettingTest {
  return { test, value: null, threshold, verdict: 'not_computable', message };
}

export const SINGLE_EVENT = 'A single event: there is nothing to compare it with.';

export const percent = (share: number): string =>
  `${share < 0.1 ? (100 * share).toPrecision(2) : (100 * share).toFixed(0)} %`;
export const ppm = (depth: number): string => `${Math.round(1e6 * depth)} ppm`;
