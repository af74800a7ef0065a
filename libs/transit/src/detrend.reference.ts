/**
 * The slow twin of detrend.ts, written from the definitions: for every point all the points of its
 * window are collected afresh, and the biweight is iterated until it no longer moves.
 */
import { biweightLocation } from '#kernels';
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
