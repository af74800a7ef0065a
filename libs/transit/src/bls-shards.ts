import { bls, type BlsOptions, type BlsPeriodogram } from './bls.js';
import type { Points } from './points.js';
import type { Divisible, Shard } from './shards.js';

/** What the search goes on with. */
export type BlsSpectrum = Pick<BlsPeriodogram, 'snr' | 'durationDays' | 't0Days'>;

/**
 * What one phase bin costs beside one point: two steps of running sums, and the three or four durations
 * that fit a period, of which each box is a division and a root (measured: 3 to 5).
 */
const POINTS_PER_BIN = 4;

/**
 * The box search of a grid, cut by index of period: an answer's rows are its shard's periods. Costs are
 * such that all periods together cost their number times that of the points, and long ones more than
 * short ones, whose phases are fewer bins.
 */
export function divideBls(points: Points, options: BlsOptions): Divisible<BlsSpectrum> {
  const { periodsDays } = options;
  const periods = periodsDays.length;
  const upTo = runningCost(points.timeDays.length, options);
  const costOf = ({ from, to }: Pick<Shard, 'from' | 'to'>) => upTo[to] - upTo[from];
  return {
    cut(cost) {
      const shards: Shard[] = [];
      for (let from = 0; from < periods;) {
        let to = from + 1;
        while (to < periods && upTo[to + 1] - upTo[from] <= cost) to++;
        shards.push({ band: 0, from, to });
        from = to;
      }
      return shards;
    },
    costOf,
    solve(shard, report) {
      const { band, from, to } = shard;
      if (band !== 0 || !(from >= 0 && to <= periods)) {
        throw new RangeError(`shard must be within the grid, not ${JSON.stringify(shard)}`);
      }
      const { snr, durationDays, t0Days } = bls(points, {
        ...options,
        periodsDays: periodsDays.subarray(from, to),
        report: (fraction) => report?.(fraction * costOf(shard)),
      });
      return { first: from, columns: [snr, durationDays, t0Days] };
    },
    columns: 3,
    fits: ({ from, to }, first, rows) => first === from && rows === to - from,
    merge(_, answers) {
      const column = (index: number) => {
        const whole = new Float64Array(periods);
        for (const { first, columns } of answers) whole.set(columns[index], first);
        return whole;
      };
      return { snr: column(0), durationDays: column(1), t0Days: column(2) };
    },
  };
}

/** (P + 1,) what all periods before one cost. */
function runningCost(points: number, { periodsDays, durationsDays, oversample = 5 }: BlsOptions) {
  const binDays = Math.min(...durationsDays) / oversample;
  const upTo = new Float64Array(periodsDays.length + 1);
  for (let i = 0; i < periodsDays.length; i++) {
    upTo[i + 1] = upTo[i] + points + (POINTS_PER_BIN * periodsDays[i]) / binDays;
  }
  const scale = (periodsDays.length * points) / upTo[periodsDays.length];
  return upTo.map((cost) => cost * scale);
}
