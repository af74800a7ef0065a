import { Quantiles } from '../charts/binning.js';
import { measured, significant } from '../charts/number-text.js';

/** How deep a box-shaped dip of known place is, in relative flux. */
export interface BoxDepth {
  /** Mean outside minus mean inside; NaN where one of them has no point. */
  readonly depth: number;
  /** From the robust scatter outside and the points inside; white noise. */
  readonly error: number;
  readonly points: number;
}

/** Inside is the inner 70 % of the transit, outside is beyond 60 % of it from the middle: ingress and egress count for neither. */
export function boxDepth(
  hours: ArrayLike<number>,
  flux: ArrayLike<number>,
  durationHours: number,
): BoxDepth {
  const outside: number[] = [];
  let [inside, points] = [0, 0];
  for (let i = 0; i < hours.length; i++) {
    const distance = Math.abs(hours[i]);
    if (distance > 0.6 * durationHours) outside.push(flux[i]);
    else if (distance < 0.35 * durationHours) {
      inside += flux[i];
      points++;
    }
  }
  if (points === 0 || outside.length === 0) return { depth: NaN, error: NaN, points };
  const level = outside.reduce((sum, value) => sum + value, 0) / outside.length;
  const error =
    new Quantiles(new Float64Array(outside)).robustSigma *
    Math.sqrt(1 / points + 1 / outside.length);
  return { depth: level - inside / points, error, points };
}

/** "812 ± 20 ppm", or in per cent from 2 % on. */
export function depthText({ depth, error }: BoxDepth): string {
  if (!Number.isFinite(depth)) return 'no data in transit';
  const [factor, unit] = Math.abs(depth) < 0.02 ? [1e6, 'ppm'] : [100, '%'];
  if (!(error > 0)) return `${significant(depth * factor, 4)} ${unit}`;
  return measured({ value: depth * factor, error: error * factor }, unit);
}

/** How many sigma two depths are apart; NaN where one is unknown. */
export const depthDistance = (a: BoxDepth, b: BoxDepth): number =>
  Math.abs(a.depth - b.depth) / Math.hypot(a.error, b.error);
