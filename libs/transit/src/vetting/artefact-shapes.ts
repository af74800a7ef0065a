/**
 * What detectors do instead of transits: a sudden step, and a sudden drop that recovers (a pixel hit
 * by a cosmic ray; a flare upside down). The shapes that Marshall of the Kepler DR25 Robovetter
 * compares with a transit (Thompson et al. 2018, appendix A), as linear least squares with a free
 * level, at every possible moment.
 *
 * Pure: no I/O, no clock, no randomness. M is points of one transit's window.
 */
import type { TransitWindows } from './transit-windows.js';

/** Recovery times in durations; a step never recovers. */
const RECOVERIES = [Infinity, 1.5, 0.5] as const;
/** A level needs points. */
const FEWEST_POINTS = 3;

/**
 * Largest drop of chi squared, against a level, by a step or a drop that recovers among the points
 * `from` to `to` (exclusive). 0 where there are too few points. O(M).
 */
export function artefactGain(windows: TransitWindows, from: number, to: number): number {
  const { fromMidDays, dip, weight, durationDays } = windows;
  let [sw, sd] = [0, 0];
  for (let k = from; k < to; k++) {
    sw += weight[k];
    sd += weight[k] * dip[k];
  }
  let best = 0;
  for (const recovery of RECOVERIES) {
    // Sums over the points from k on of the shape that begins at k: each from the one after it.
    let [sg, sgg, sgd] = [0, 0, 0];
    for (let k = to - 1; k >= from + FEWEST_POINTS; k--) {
      const wait = k + 1 < to ? fromMidDays[k + 1] - fromMidDays[k] : 0;
      const fading = Math.exp(-wait / (recovery * durationDays));
      sg = weight[k] + fading * sg;
      sgg = weight[k] + fading * fading * sgg;
      sgd = weight[k] * dip[k] + fading * sgd;
      if (k > to - FEWEST_POINTS) continue;
      const information = sgg - (sg * sg) / sw;
      if (!(information > 1e-9 * sgg)) continue;
      const projection = sgd - (sg * sd) / sw;
      const gain = (projection * projection) / information;
      // What recovers must have dropped; a step may go either way, the transit being on one side of it.
      if ((projection > 0 || recovery === Infinity) && gain > best) best = gain;
    }
  }
  return best;
}
