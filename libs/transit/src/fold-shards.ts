import {
  cellsOf,
  foldBases,
  type FoldPlan,
  foldSeries,
  type FoldSpectrum,
  spectrumOf,
} from './folding.js';
import type { Points } from './points.js';
import type { Divisible, Shard } from './shards.js';

/**
 * The fold of a plan, cut by base periods. An answer's rows are cells: their SNR, then their period,
 * from the first to the last cell in which something dips.
 */
export function divideFold(points: Points, plan: FoldPlan): Divisible<FoldSpectrum> {
  const series = foldSeries(points, plan);
  const all = cellsOf(points, plan);
  const perBase = ({ cost, firstBase, endBase }: FoldPlan['bands'][number]) =>
    cost / (endBase - firstBase);
  return {
    cut(cost) {
      return plan.bands.flatMap((band, index) => {
        const step = Math.max(1, Math.floor(cost / perBase(band)));
        const shards: Shard[] = [];
        for (let from = band.firstBase; from < band.endBase; from += step) {
          shards.push({ band: index, from, to: Math.min(band.endBase, from + step) });
        }
        return shards;
      });
    },
    costOf: ({ band, from, to }) => (to - from) * perBase(plan.bands[band]),
    solve(shard, report) {
      const band = plan.bands.at(shard.band);
      if (!band || !(shard.from >= band.firstBase && shard.to <= band.endBase)) {
        throw new RangeError(`shard must be within its band, not ${JSON.stringify(shard)}`);
      }
      const cells = cellsOf(points, plan);
      foldBases(series, plan, shard, cells, report);
      const first = Math.max(0, cells.snr.findIndex(isDip));
      const end = cells.snr.findLastIndex(isDip) + 1;
      return { first, columns: [cells.snr.slice(first, end), cells.periodDays.slice(first, end)] };
    },
    columns: 2,
    fits: (_, first, rows) => first >= 0 && first + rows <= all.snr.length,
    merge(shards, answers) {
      answers.forEach(({ first, columns: [snr, periodDays] }, i) => {
        all.merge(first, snr, periodDays, series.ofBand[shards[i].band]);
      });
      return spectrumOf(all, series);
    },
  };
}

const isDip = (snr: number) => snr > 0;
