import { bls, type BlsOptions, type BlsPeriodogram } from './bls.js';
import type { Points } from './points.js';
import type { Divisible, Shard } from './shards.js';

/** What the search goes on with. */
export type BlsSpectrum = Pick<BlsPeriodogram, 'snr' | 'durationDays' | 't0Days'>;

/** The box search of a grid, cut by index of period: an answer's rows are its shard's periods. */
export function divideBls(points: Points, options: BlsOptions): Divisible<BlsSpectrum> {
  const periods = options.periodsDays.length;
  const perPeriod = points.timeDays.length;
  return {
    cut(cost) {
      const step = Math.max(1, Math.floor(cost / perPeriod));
      const shards: Shard[] = [];
      for (let from = 0; from < periods; from += step) {
        shards.push({ band: 0, from, to: Math.min(periods, from + step) });
      }
      return shards;
    },
    costOf: ({ from, to }) => (to - from) * perPeriod,
    solve(shard, report) {
      const { band, from, to } = shard;
      if (band !== 0 || !(from >= 0 && to <= periods)) {
        throw new RangeError(`shard must be within the grid, not ${JSON.stringify(shard)}`);
      }
      const { snr, durationDays, t0Days } = bls(points, {
        ...options,
        periodsDays: options.periodsDays.subarray(from, to),
        report: (fraction) => report?.(fraction * (to - from) * perPeriod),
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
