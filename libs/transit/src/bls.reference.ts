/**
 * The slow twin of bls.ts, written from the definition: for every period, duration and epoch each
 * point is asked whether it is inside the box. Its boxes begin at every `stepDays` of the period.
 */
import type { Points } from './points.js';

export interface ReferenceBox {
  readonly snr: number;
  readonly depth: number;
  readonly durationDays: number;
  readonly t0Days: number;
}

/** The best box at one period: its depth against the rest, over the depth's error. */
export function referenceBls(
  points: Points,
  periodDays: number,
  durationsDays: readonly number[],
  stepDays: number,
): ReferenceBox {
  let best: ReferenceBox = { snr: 0, depth: 0, durationDays: 0, t0Days: 0 };
  for (const durationDays of durationsDays) {
    for (let begin = 0; begin < periodDays; begin += stepDays) {
      const t0Days = points.timeDays[0] + ((begin + durationDays / 2) % periodDays);
      const { depth, snr } = boxAt(points, periodDays, t0Days, durationDays);
      if (snr > best.snr) best = { snr, depth, durationDays, t0Days };
    }
  }
  return best;
}

export function boxAt(points: Points, periodDays: number, t0Days: number, durationDays: number) {
  const inside = { dip: 0, weight: 0 };
  const outside = { dip: 0, weight: 0 };
  points.timeDays.forEach((time, i) => {
    const phase = (time - t0Days + durationDays / 2) / periodDays;
    const isInside = (phase - Math.floor(phase)) * periodDays < durationDays;
    const side = isInside ? inside : outside;
    side.dip += points.weight[i] * points.dip[i];
    side.weight += points.weight[i];
  });
  if (inside.weight === 0 || outside.weight === 0) return { depth: 0, snr: 0 };
  const depth = inside.dip / inside.weight - outside.dip / outside.weight;
  return { depth, snr: depth / Math.sqrt(1 / inside.weight + 1 / outside.weight) };
}
