import { describe, expect, it } from 'vitest';
import type { Points } from './points.js';
import { searchPoints } from './points.js';
import { seededRandom } from './random.js';
import { residualNoise } from './signals.js';
import { simulate, type SimulationOptions } from './simulate.js';
import { stitch } from './stitch.js';
import { TRANSIT_SHAPE } from './template.js';
import { snrAt } from './transit-sums.js';
import { estimateRedNoise, expectedRedNoise, type RedNoise, whiten } from './whitening.js';
import { solveCovariance } from './whitening.reference.js';

const pointsOf = (options: SimulationOptions) => searchPoints(stitch(simulate(options)).curve);
const red: RedNoise = { variance: 4e-9, timescaleDays: 0.3 };

/** Irregular times with a gap, noise of 100 ppm, errors of two sizes. */
function irregular(n: number): Points {
  const random = seededRandom(5);
  const timeDays = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    timeDays[i] = timeDays[i - 1] + 0.02 * (1 + 0.3 * random.uniform()) + (i === n >> 1 ? 0.7 : 0);
  }
  const weight = Float64Array.from({ length: n }, (_, i) => (i % 7 === 0 ? 2e7 : 1e8));
  return { timeDays, weight, dip: weight.map(() => 1e-4 * random.normal()) };
}

describe('expectedRedNoise', () => {
  it('equals the dense solution, over gaps and uneven times', () => {
    const { timeDays, dip, weight } = irregular(80);
    const expected = solveCovariance(timeDays, weight, red, dip);
    const mean = expectedRedNoise(timeDays, dip, weight, red);
    for (let i = 0; i < mean.length; i++) {
      expect(weight[i] * (dip[i] - mean[i])).toBeCloseTo(expected[i], -1); // of some 1e4
    }
  });
});

describe('whiten', () => {
  it('gives the numerator and, by its gain, the denominator of generalised least squares', () => {
    const n = 401;
    const duration = 0.2;
    const timeDays = Float64Array.from({ length: n }, (_, i) => 0.005 * (i - 200));
    const weight = new Float64Array(n).fill(1e8);
    const shape = timeDays.map((t) => {
      const u = (2 * Math.abs(t)) / duration;
      return u < 1 ? TRANSIT_SHAPE[Math.floor(256 * u)] : 0;
    });
    const dip = irregular(n).dip.map((value, i) => value + 3e-4 * shape[i]);
    const whitened = whiten({ timeDays, weight, dip }, red);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
    const numerator = dot(shape, solveCovariance(timeDays, weight, red, dip));
    const denominator = dot(shape, solveCovariance(timeDays, weight, red, shape));
    const gained =
      whitened.gain!(duration) *
      dot(
        shape,
        shape.map((value) => 1e8 * value),
      );
    expect(dot(shape, whitened.dip) * 1e8).toBeCloseTo(numerator, -2); // of some 1e5
    // The gain is for any cadence; its own is of 60 points per duration.
    expect(Math.abs(gained / denominator - 1)).toBeLessThan(0.02);
  });

  it('B.13 leaves noise that scatters as white noise does, and raises the SNR of a transit', () => {
    const ephemeris = { periodDays: 6.1, t0Days: 133.2, durationDays: 0.15 };
    const ratios: number[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const points = pointsOf({
        seed,
        noisePpm: 100,
        redNoise: { ppm: 80, timescaleDays: 0.4 },
        planets: [{ ...ephemeris, radiusRatio: 0.02 }],
      });
      const noise = estimateRedNoise(points);
      const whitened = whiten(points, noise);
      expect(residualNoise(points, 0.15).redness).toBeGreaterThan(1.4);
      expect(residualNoise(whitened, 0.15).redness).toBeLessThan(1.2);
      const snr = (some: Points) => snrAt(some, ephemeris) / residualNoise(some, 0.15).redness;
      ratios.push(snr(whitened) / snr(points));
    }
    // The ideal gain for this noise is 1.3.
    const mean = ratios.reduce((sum, ratio) => sum + ratio / ratios.length, 0);
    expect(mean).toBeGreaterThan(1.15);
  });

  it('returns white points as they are', () => {
    const points = pointsOf({ seed: 3 });
    expect(whiten(points, null)).toBe(points);
  });
});

describe('estimateRedNoise', () => {
  it('recovers scatter and timescale of an Ornstein–Uhlenbeck process', () => {
    const logs = { scatter: 0, timescale: 0 };
    for (let seed = 1; seed <= 10; seed++) {
      const noise = estimateRedNoise(
        pointsOf({ seed, noisePpm: 100, redNoise: { ppm: 60, timescaleDays: 0.3 } }),
      )!;
      logs.scatter += Math.log(Math.sqrt(noise.variance) / 60e-6) / 10;
      logs.timescale += Math.log(noise.timescaleDays / 0.3) / 10;
    }
    expect(Math.abs(logs.scatter)).toBeLessThan(0.2);
    expect(Math.abs(logs.timescale)).toBeLessThan(0.6);
  });

  it('sees none in white noise, nor in transits that stand out of it', () => {
    for (let seed = 1; seed <= 40; seed++) {
      expect(estimateRedNoise(pointsOf({ seed }))).toBeNull();
    }
    const planets = [{ periodDays: 5, t0Days: 132, radiusRatio: 0.03 }];
    expect(estimateRedNoise(pointsOf({ seed: 1, planets }))).toBeNull();
  });

  it('takes a star that varies by many sigma for a signal, not for noise', () => {
    const rotation = { periodDays: 0.7, amplitudePpm: 3000 };
    expect(estimateRedNoise(pointsOf({ seed: 1, rotation }))).toBeNull();
  });

  it('says null where there is too little to tell', () => {
    expect(estimateRedNoise(irregular(20))).toBeNull();
  });
});
