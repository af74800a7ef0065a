/** Where the values of each feature lie. F is features. */
import type { Examples } from './examples.js';

export interface Moments {
  /** (F,) mean of the values that are there; 0 where there are none. */
  readonly center: Float64Array;
  /** (F,) their standard deviation; 1 where they do not vary. */
  readonly width: Float64Array;
}

export function momentsOf({ rows, features, values }: Examples): Moments {
  const center = new Float64Array(features);
  const width = new Float64Array(features).fill(1);
  for (let f = 0; f < features; f++) {
    let [count, sum, squares] = [0, 0, 0];
    for (let i = 0; i < rows; i++) {
      const value = values[i * features + f];
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
    }
    if (count > 0) center[f] = sum / count;
    for (let i = 0; i < rows; i++) {
      const apart = values[i * features + f] - center[f];
      if (!Number.isNaN(apart)) squares += apart * apart;
    }
    if (squares > 0) width[f] = Math.sqrt(squares / count);
  }
  return { center, width };
}
