import { describe, expect, it } from 'vitest';
import { biweightLocation, sortedMedian } from './biweight.reference.js';
import { normalNumbers, numbers } from './fixtures/numbers.js';
import { slidingLocation } from './sliding-location.js';
import { POINTS_PER_REPORT, slidingLocationReference } from './sliding-location.reference.js';

/** Uneven times with a gap of a few windows and one of a part of a window. */
function unevenTimes(n: number): Float64Array {
  return numbers(n, 1).map((jitter, i) => {
    const gap = i < n / 3 ? 0 : i < n / 2 ? 0.4 : 7;
    return 2457000 + 0.02 * (i + 0.8 * jitter) + gap;
  });
}

/** Noise whose size changes, on a slope, with dips, spikes and equal values. */
function roughValues(n: number): Float64Array {
  return normalNumbers(n, 2).map((noise, i) => {
    const dip = i % 97 < 9 ? -30 : 0;
    const spike = i % 83 === 5 ? 1e7 : 0;
    const value = 1e-3 * i + 10 ** Math.sin(i / 200) * noise + dip + spike;
    return i % 400 < 60 ? Math.round(value) : value;
  });
}

const N = 3000;
const points = {
  timeDays: unevenTimes(N),
  values: roughValues(N),
  ignored: Uint8Array.from({ length: N }, (_, i) => Number(i % 53 < 7 || (i > 700 && i < 900))),
};

describe('slidingLocation', () => {
  it.each(['biweight', 'median'] as const)(
    'B.12 is the %s of what lies in the window around each point, and their mean time',
    (statistic) => {
      const windowDays = 0.7;
      const { location, meanDays } = slidingLocation(points, { windowDays, statistic });
      for (let i = 0; i < N; i += 17) {
        const inside = [...points.timeDays.keys()].filter((j) => {
          const away = points.timeDays[j] - points.timeDays[i];
          return away >= -windowDays / 2 && away <= windowDays / 2 && !points.ignored[j];
        });
        const values = inside.map((j) => points.values[j]);
        if (values.length === 0) {
          expect(location[i]).toBeNaN();
          expect(meanDays[i]).toBeNaN();
          continue;
        }
        const definition = statistic === 'median' ? sortedMedian(values) : biweightLocation(values);
        const scale = sortedMedian(values.map((x) => Math.abs(x - definition)));
        expect(Math.abs(location[i] - definition)).toBeLessThanOrEqual(2e-5 * scale);
        const mean = inside.reduce((sum, j) => sum + points.timeDays[j], 0) / inside.length;
        expect(meanDays[i]).toBeCloseTo(mean, 7);
      }
    },
  );

  it.each([0.05, 0.3, 2, 25, 100])(
    'equals the plain twin bit for bit in a window of %d d',
    (windowDays) => {
      for (const statistic of ['biweight', 'median'] as const) {
        for (const curve of [points, { ...points, ignored: undefined }]) {
          const window = { windowDays, statistic };
          expect(slidingLocation(curve, window)).toEqual(slidingLocationReference(curve, window));
        }
      }
    },
  );

  it('equals it where nothing or everything is ignored, and says nothing of no points', () => {
    const window = { windowDays: 1, statistic: 'biweight' } as const;
    const none = { ...points, ignored: new Uint8Array(N).fill(1) };
    expect(slidingLocation(none, window)).toEqual(slidingLocationReference(none, window));
    expect(slidingLocation(none, window).location.every(Number.isNaN)).toBe(true);
    const empty = { timeDays: new Float64Array(), values: new Float64Array() };
    expect(slidingLocation(empty, window).location).toHaveLength(0);
  });

  it('gives of a part what it gives of all, to what a location is converged, and no more', () => {
    const window = { windowDays: 0.7, statistic: 'biweight', wanted: [1100, 1400] } as const;
    const part = slidingLocation(points, window);
    expect(part).toEqual(slidingLocationReference(points, window));
    const all = slidingLocation(points, { ...window, wanted: undefined });
    const inside = Array.from({ length: 300 }, (_, i) => 1100 + i);
    for (const i of inside) {
      // Noise of 0.1 and more; a location is converged to 1e-5 of it.
      expect(part.location[i]).toBeCloseTo(all.location[i], 4);
      expect(part.meanDays[i]).toBeCloseTo(all.meanDays[i], 7);
    }
    expect(part.location.findIndex((value) => !Number.isNaN(value))).toBe(1100);
    expect(part.location.findLastIndex((value) => !Number.isNaN(value))).toBe(1399);
  });

  it('tells how far it is within a long stretch, whichever twin', () => {
    const n = 2 * POINTS_PER_REPORT + 10;
    const timeDays = new Float64Array(n).map((_, i) => 0.02 * i);
    const long = { timeDays, values: numbers(n, 3) };
    const window = { windowDays: 0.5, statistic: 'biweight' } as const;
    const twins = [slidingLocation, slidingLocationReference].map((twin) => {
      const told: number[] = [];
      const { location } = twin(long, window, (done) => told.push(done));
      return { told, location };
    });
    expect(twins[0].told).toEqual([POINTS_PER_REPORT, 2 * POINTS_PER_REPORT]);
    expect(twins[1]).toEqual(twins[0]);
  });

  it('refuses arrays of two lengths and a window without width, by name', () => {
    const window = { windowDays: 1, statistic: 'median' } as const;
    const shorter = { ...points, values: points.values.subarray(1) };
    expect(() => slidingLocation(shorter, window)).toThrow(
      'values must hold 3000 values, not 2999',
    );
    const fewer = { ...points, ignored: points.ignored.subarray(2) };
    expect(() => slidingLocation(fewer, window)).toThrow('ignored must hold 3000 values, not 2998');
    expect(() => slidingLocation(points, { ...window, windowDays: NaN })).toThrow(
      'windowDays must be > 0, not NaN',
    );
    expect(() => slidingLocation(points, { ...window, wanted: [10, 3001] })).toThrow(
      'wanted must be two indices up to 3000 in order, not 10 and 3001',
    );
  });
});
