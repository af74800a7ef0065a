/**
 * A stage that takes long tells how far it is at least once a second. Wall time flutters with whatever
 * else a machine does, so that the work between two reports is counted, in points that were detrended or
 * searched; the one limit in seconds is generous.
 */
import { describe, expect, it } from 'vitest';
import { detect } from './detect.js';
import { simulate } from './simulate.js';
import type { DetectionParams, Stage } from './types.js';

const star = { radiusSun: 1, massSun: 1 };
/** 20-second data of one sector. */
const fast = (planets: { periodDays: number; t0Days: number; radiusRatio: number }[] = []) =>
  simulate({ mission: 'TESS', cadenceMinutes: 1 / 3, noisePpm: 1500, seed: 3, star, planets });
/** 2-minute data of 1,500 days. */
const long = () =>
  simulate({
    cadenceMinutes: 2,
    segments: Array.from({ length: 16 }, (_, i) => i + 1),
    noisePpm: 300,
    seed: 3,
    star,
    planets: [{ periodDays: 33.1, t0Days: 150, radiusRatio: 0.05 }],
  });

interface Report {
  readonly stage: Stage;
  readonly fraction: number;
  readonly seconds: number;
}

function reportsOf(segments: ReturnType<typeof simulate>, params: Partial<DetectionParams>) {
  const reports: Report[] = [];
  const { user, system } = process.cpuUsage();
  const started = user + system;
  detect(segments, params, (stage, fraction) => {
    const now = process.cpuUsage();
    reports.push({ stage, fraction, seconds: (now.user + now.system - started) / 1e6 });
  });
  return reports;
}
const longestGap = (reports: readonly Report[]) =>
  reports.reduce(
    (longest, { seconds }, i) => Math.max(longest, seconds - (reports[i - 1]?.seconds ?? 0)),
    0,
  );
const told = (reports: readonly Report[], wanted: Stage) =>
  reports.filter(({ stage }) => stage === wanted).length;

describe('progress', () => {
  it('B.29 comes at least once a second of a million points, in every stage', () => {
    const reports = reportsOf(long(), {
      maxPlanets: 1,
      falseAlarmTrials: 5,
      sensitivity: 'never',
    });
    // A million points in pieces of 65,536, once for the search and once beside the transits.
    expect(told(reports, 'detrend')).toBeGreaterThan(2 * 15);
    // Folding reports every 1e8 additions, of which a search of four years has some 1e9.
    expect(told(reports, 'search')).toBeGreaterThan(6 * 9);
    expect(longestGap(reports)).toBeLessThan(3);
    for (const [i, { fraction }] of reports.entries()) {
      expect(fraction).toBeGreaterThanOrEqual(reports[i - 1]?.fraction ?? 0);
    }
  }, 120_000);

  it('B.29 comes several times in every injection of 20-second data', () => {
    const reports = reportsOf(fast(), { maxPeriodDays: 5, minPeriodDays: 1 });
    expect(told(reports, 'sensitivity')).toBeGreaterThan(4 * 25);
    expect(longestGap(reports)).toBeLessThan(3);
  }, 120_000);
});
