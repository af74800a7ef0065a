/**
 * The slow twin of detrend.ts, written from the definitions: for every point all the points of its
 * window are collected afresh, and the biweight is iterated until it no longer moves.
 */
import { median } from './robust.js';
import { stretches } from './detrend.js';
import type { LightCurve } from './types.js';

export function referenceTrend(
  curve: LightCurve,
  method: 'biweight' | 'median',
  windowDays: number,
): Float64Array {
  const trend = new Float64Array(curve.flux.length);
  for (const [from, to] of stretches(curve, windowDays / 2)) {
    for (let i = from; i < to; i++) {
      const values: number[] = [];
      for (let j = from; j < to; j++) {
        const distance = curve.timeDays[j] - curve.timeDays[i];
        if (distance >= -windowDays / 2 && distance <= windowDays / 2) values.push(curve.flux[j]);
      }
      trend[i] = method === 'median' ? median(values) : biweightLocation(values);
    }
  }
  return trend;
}

/** Location with weights (1 - u²)² for u = (x - location) / (5 MAD), |u| < 1. */
export function biweightLocation(values: readonly number[]): number {
  let location = median(values);
  const mad = median(values.map((x) => Math.abs(x - location)));
  if (mad === 0) return location;
  for (let iteration = 0; iteration < 200; iteration++) {
    let sum = 0;
    let weights = 0;
    for (const x of values) {
      const u = (x - location) / (5 * mad);
      if (Math.abs(u) >= 1) continue;
      const weight = (1 - u * u) ** 2;
      sum += weight * x;
      weights += weight;
    }
    const moved = sum / weights - location;
    location += moved;
    if (Math.abs(moved) < 1e-9 * mad) break;
  }
  return location;
}
