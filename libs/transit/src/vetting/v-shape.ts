/**
 * Stars that graze each other make a V, planets a U with a flat bottom. Where the fit of a transit says
 * nothing certain about the impact parameter (shape.ts), the V itself is compared: a triangle, smeared
 * by the exposure, of any width, against the fitted transit, all events together (the V-shape metrics
 * of Thompson et al. 2018, appendix A, and Kunimoto et al. 2025 ask the same by other fits).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, SINGLE_EVENT, verdictOf } from './verdict.js';
import type { TransitWindows } from './transit-windows.js';

/** Full widths of the triangle at its top, in durations of the fitted transit. */
const WIDTHS = [0.6, 0.75, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2] as const;
const FEWEST_POINTS = 20;
/** Bins of the way from mid-transit, over half a window: 1/100 of a duration each. */
const BINS = 150;

export function vShape({ windows, events, fit }: VettingContext): VettingTest {
  const test = 'v_shape';
  const threshold = THRESHOLDS.vShape;
  if (!windows || !events) return notComputable(test, threshold, SINGLE_EVENT);
  if (!fit.success || fit.backend === 'mock') {
    return notComputable(test, threshold, `No fit, no shape: ${fit.message}`);
  }
  const points = windows.dip.length;
  if (points < FEWEST_POINTS) {
    return notComputable(
      test,
      threshold,
      `${points} points near the transits show no shape; ${FEWEST_POINTS} are needed.`,
    );
  }
  const transit = gainOf(windows, (k) => windows.model[k]);
  const folded = foldedByDistance(windows);
  let best = { width: 1, gain: 0 };
  for (const width of WIDTHS) {
    const halfDays = 0.5 * width * windows.durationDays;
    const gain = gainOf(folded, (k) =>
      smearedTriangle(folded.fromMidDays[k], halfDays, folded.exposureDays),
    );
    if (gain > best.gain) best = { width, gain };
  }
  const value = best.gain - transit;
  const isFail = value > threshold;
  const numbers = `chi squared ${value > 0 ? 'prefers' : 'rejects'} a V of ${best.width.toFixed(2)} durations by ${Math.abs(value).toFixed(1)}`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.6 * threshold),
    message: isFail
      ? `V-shaped, as stars that graze each other: ${numbers}.`
      : `Not V-shaped: ${numbers}.`,
  };
}

type Shaped = Pick<TransitWindows, 'dip' | 'weight'>;

/** Both halves and all events together in bins of the way from mid-transit: the triangle is symmetric. O(M). */
function foldedByDistance({
  fromMidDays,
  dip,
  weight,
  exposureDays,
  halfWindowDays,
}: TransitWindows) {
  const folded = {
    fromMidDays: new Float64Array(BINS),
    dip: new Float64Array(BINS),
    weight: new Float64Array(BINS),
  };
  let exposures = 0;
  for (let k = 0; k < dip.length; k++) {
    const away = Math.abs(fromMidDays[k]);
    const bin = Math.min(BINS - 1, Math.floor((away / halfWindowDays) * BINS));
    folded.fromMidDays[bin] += weight[k] * away;
    folded.dip[bin] += weight[k] * dip[k];
    folded.weight[bin] += weight[k];
    exposures += exposureDays[k];
  }
  for (let bin = 0; bin < BINS; bin++) {
    if (folded.weight[bin] === 0) continue;
    folded.fromMidDays[bin] /= folded.weight[bin];
    folded.dip[bin] /= folded.weight[bin];
  }
  return { ...folded, exposureDays: exposures / dip.length };
}

/** Drop of chi squared by a shape, against a level. O(M). */
function gainOf({ dip, weight }: Shaped, shapeAt: (k: number) => number): number {
  let [sw, ss, sss, sd, ssd] = [0, 0, 0, 0, 0];
  for (let k = 0; k < dip.length; k++) {
    const w = weight[k];
    const s = shapeAt(k);
    sw += w;
    ss += w * s;
    sss += w * s * s;
    sd += w * dip[k];
    ssd += w * s * dip[k];
  }
  const information = sss - (ss * ss) / sw;
  const projection = ssd - (ss * sd) / sw;
  return information > 0 && projection > 0 ? (projection * projection) / information : 0;
}

/** Mean over an exposure of a triangle of height 1 that ends at +-half. */
function smearedTriangle(fromMidDays: number, halfDays: number, exposureDays: number): number {
  const from = fromMidDays - exposureDays / 2;
  const to = fromMidDays + exposureDays / 2;
  return (areaBelow(to, halfDays) - areaBelow(from, halfDays)) / exposureDays;
}

/** Integral of the triangle from its middle to x. */
function areaBelow(x: number, half: number): number {
  const end = Math.min(Math.abs(x), half);
  return Math.sign(x) * (end - (end * end) / (2 * half));
}
