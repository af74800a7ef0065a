import { describe, expect, it } from 'vitest';
import { Scratch } from '#kernels';
import { depthRetained } from './depth-retained.js';
import { detrend, type DetrendOptions } from './detrend.js';
import { detrendAgain, measuredAgain } from './detrend-again.js';
import { searchPoints } from './points.js';
import { simulate } from './simulate.js';
import { stitch } from './stitch.js';
import type { Detrending, Signal } from './types.js';

const PLANET = { periodDays: 6.3, t0Days: 133.7, radiusRatio: 0.012 };

const curve = stitch(
  simulate({ segments: [1, 2, 3, 4], noisePpm: 80, planets: [PLANET], seed: 2 }),
).curve;

/** As the search would find the planet: duration of a central transit around the Sun. */
const SIGNAL: Signal = {
  ...PLANET,
  durationHours: 3.35,
  depthPpm: 170,
  whiteSnr: 40,
  snr: 40,
  score: 40,
  sde: 10,
  transitsObserved: 50,
  transitsExpected: 56,
  aliases: [],
};

function detrended(options: DetrendOptions, raw = curve) {
  const first = detrend(raw, options);
  const detrending: Detrending = {
    ...first.detrending,
    passes: options.passes ?? 1,
    rotation: null,
    reason: '',
  };
  return { detrended: first.curve, detrending };
}

describe('depthRetained', () => {
  it.each([
    { windowDays: 2.8, least: 0.94, most: 0.97 },
    { windowDays: 1, least: 0.84, most: 0.9 },
    { windowDays: 0.5, least: 0.65, most: 0.78 },
  ])('B.12 measures what a window of $windowDays d keeps of a shallow transit', (each) => {
    // A mean would keep 1 - 0.14 d / window; the biweight a little more.
    const first = detrended({ method: 'biweight', windowDays: each.windowDays });
    const kept = depthRetained(curve, SIGNAL, [SIGNAL], first.detrending)!;
    expect(kept).toBeGreaterThan(each.least);
    expect(kept).toBeLessThan(each.most);
    // And that is what became of the planet that is in the curve.
    const before = measuredAgain(searchPoints(first.detrended), {}, SIGNAL);
    const after = measuredAgain(
      searchPoints(detrendAgain(curve, [SIGNAL], first).detrended),
      {},
      SIGNAL,
    );
    expect(Math.abs(before.depthPpm / after.depthPpm / kept - 1)).toBeLessThan(0.05);
    // In memory that others have used too.
    const scratch = new Scratch();
    scratch.during(() => scratch.float64(1e5).fill(NaN));
    expect(measuredAgain(searchPoints(first.detrended), {}, SIGNAL, scratch)).toEqual(before);
  });

  it('is one for a transit that a biweight ignores, and where nothing was detrended', () => {
    const deep = { ...SIGNAL, depthPpm: 20_000 };
    const once = detrended({ method: 'biweight', windowDays: 1.5 }).detrending;
    expect(depthRetained(curve, deep, [SIGNAL], once)).toBeGreaterThan(0.995);
    expect(depthRetained(curve, SIGNAL, [SIGNAL], { ...once, method: 'none' })).toBe(1);
  });

  it('counts the neighbours of a transit that are in its window', () => {
    const once = detrended({ method: 'biweight', windowDays: 2.8 }).detrending;
    const short = { ...SIGNAL, periodDays: 0.7, durationHours: 1.7 };
    const kept = depthRetained(curve, short, [SIGNAL], once)!;
    expect(kept).toBeLessThan(0.95); // a tenth of every window is in transit
    expect(kept).toBeGreaterThan(0.85);
  });

  it('measures a single event, and says null where there is no room', () => {
    const once = detrended({ method: 'biweight', windowDays: 1 }).detrending;
    const single = { ...SIGNAL, periodDays: NaN };
    expect(depthRetained(curve, single, [single], once)).toBeLessThan(0.9);
    const crowded = { ...SIGNAL, periodDays: 0.4 }; // three durations fill the period
    expect(depthRetained(curve, crowded, [crowded], once)).toBeNull();
  });
});

describe('detrendAgain', () => {
  const options = { method: 'biweight', windowDays: 1 } as const;

  it('B.12 gives a shallow planet its whole depth back, and what it lost of its SNR', () => {
    const first = detrended(options);
    const again = detrendAgain(curve, [SIGNAL], first);
    const before = measuredAgain(searchPoints(first.detrended), {}, SIGNAL);
    const after = measuredAgain(searchPoints(again.detrended), {}, SIGNAL);
    // Depth of the search's template in the flux that was simulated without noise.
    const noiseless = simulate({ segments: [1, 2, 3, 4], noisePpm: 0, planets: [PLANET] });
    const truth = measuredAgain(searchPoints(stitch(noiseless).curve), {}, SIGNAL);
    // One sigma is 170 ppm over an SNR of 40.
    expect(Math.abs(after.depthPpm - truth.depthPpm)).toBeLessThan(13);
    expect(after.snr / before.snr).toBeGreaterThan(1.08);
  });

  it('leaves the curve as it was where nothing was found, or all of it would be ignored', () => {
    const first = detrended(options);
    expect(detrendAgain(curve, [], first)).toBe(first);
    const everywhere = { ...SIGNAL, periodDays: 0.3, durationHours: 7 };
    expect(detrendAgain(curve, [everywhere], first)).toBe(first);
  });

  it('leaves a single event as it was measured', () => {
    const single = { ...SIGNAL, periodDays: NaN };
    expect(measuredAgain(searchPoints(curve), {}, single)).toBe(single);
  });
});
