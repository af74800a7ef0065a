import { describe, expect, it } from 'vitest';
import { exposedShape, TRANSIT_SHAPE } from './template.js';

/** The mean of many samples over the exposure, by the definition. */
function supersampled(distance: number, duration: number, exposure: number): number {
  const samples = 20_000;
  let sum = 0;
  for (let s = 0; s < samples; s++) {
    const u = Math.abs(distance + exposure * ((s + 0.5) / samples - 0.5)) / (duration / 2);
    if (u >= 1) continue;
    const mu = Math.sqrt(1 - u * u);
    sum += 1 - 0.4804 * (1 - mu) - 0.1867 * (1 - mu) ** 2;
  }
  return sum / samples;
}

describe('exposedShape', () => {
  it.each([0.05, 0.3, 1, 2.5])(
    'equals supersampling with ever more samples for an exposure of %f durations',
    (exposure) => {
      for (let distance = -2; distance <= 2; distance += 0.07) {
        expect(exposedShape(distance, 1, exposure)).toBeCloseTo(
          supersampled(distance, 1, exposure),
          3,
        );
      }
    },
  );

  it('keeps the area of the transit, whatever the exposure', () => {
    const area = (exposure: number) => {
      let sum = 0;
      for (let i = -4000; i <= 4000; i++) sum += exposedShape(i / 1000, 1, exposure) / 1000;
      return sum;
    };
    for (const exposure of [0.1, 0.7, 3]) expect(area(exposure)).toBeCloseTo(area(0.021), 3);
  });

  it('is the table of the shape for short exposures, and nothing outside of the transit', () => {
    expect(exposedShape(0, 2, 0)).toBe(TRANSIT_SHAPE[0]);
    expect(exposedShape(1.001, 2, 0.001)).toBe(0);
    expect(exposedShape(-1.3, 2, 0.5)).toBe(0);
  });
});
