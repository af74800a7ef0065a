import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { blocksOf, correlatedCovariance, pointNoise } from './correlated-errors.js';

const DURATION_DAYS = 0.12;
const CADENCE_DAYS = 0.02;

/** Twenty windows of three durations, as a fit sees them. */
function windows(count = 20): Float64Array {
  const perWindow = Math.round((3 * DURATION_DAYS) / CADENCE_DAYS);
  return Float64Array.from(
    { length: count * perWindow },
    (_, i) => Math.floor(i / perWindow) * 4 + (i % perWindow) * CADENCE_DAYS,
  );
}

function noiseOf(timeDays: Float64Array, seed: number, red: number, timescaleDays: number) {
  const random = seededRandom(seed);
  let state = 0;
  return timeDays.map((time, i) => {
    const kept = i === 0 ? 0 : Math.exp(-(time - timeDays[i - 1]) / timescaleDays);
    state = kept * state + Math.sqrt(1 - kept * kept) * red * random.normal();
    return state + random.normal();
  });
}

describe('pointNoise', () => {
  it('finds the share and the timescale of noise that remembers', () => {
    const timeDays = windows(400);
    const blocks = blocksOf(timeDays, DURATION_DAYS);
    const { variance, share, timescaleDays } = pointNoise(blocks, noiseOf(timeDays, 1, 1, 0.12), 6);
    expect(variance).toBeGreaterThan(1.9);
    expect(variance).toBeLessThan(2.1);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    expect(timescaleDays).toBeCloseTo(0.12, 1);
  });

  it('takes white noise for white, save as often as two sigma happen', () => {
    const timeDays = windows();
    const blocks = blocksOf(timeDays, DURATION_DAYS);
    const found = Array.from(
      { length: 100 },
      (_, seed) => pointNoise(blocks, noiseOf(timeDays, seed, 0, 1), 6).share,
    );
    // Eight timescales, one-sided, strongly related: between one and three times 2.3 %.
    expect(found.filter((share) => share > 0).length).toBeLessThanOrEqual(12);
    expect(Math.max(...found)).toBeLessThan(0.2);
  });
});

describe('correlatedCovariance', () => {
  const timeDays = windows(3);
  const m = timeDays.length;
  const blocks = blocksOf(timeDays, DURATION_DAYS);
  // Two parameters: depth of a box, and its baseline; one thing known beforehand of the depth.
  const stride = m + 1;
  const jacobian = new Float64Array(2 * stride);
  timeDays.forEach((time, i) => {
    jacobian[i] = Math.abs((time % 4) - 0.17) < DURATION_DAYS / 2 ? -1 : 0;
    jacobian[stride + i] = 1;
  });
  jacobian[m] = 0.5;
  const normal = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < stride; i++) sum += jacobian[a * stride + i] * jacobian[b * stride + i];
    return sum;
  };
  const [aa, ab, bb] = [normal(0, 0), normal(0, 1), normal(1, 1)];
  const det = aa * bb - ab * ab;
  const covariance = Float64Array.of(bb / det, -ab / det, -ab / det, aa / det);

  it('is the covariance of independent points where nothing is correlated', () => {
    const white = { variance: 1, share: 0, timescaleDays: 1 };
    const same = correlatedCovariance(covariance, jacobian, stride, blocks, white);
    same.forEach((value, k) => expect(value).toBeCloseTo(covariance[k], 12));
  });

  it('agrees with the product over all pairs of points', () => {
    const noise = { variance: 1.7, share: 0.4, timescaleDays: 0.1 };
    const meat = [0, 0, 0, 0];
    for (let a = 0; a < 2; a++) {
      for (let b = 0; b < 2; b++) {
        let sum = jacobian[a * stride + m] * jacobian[b * stride + m];
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < m; j++) {
            const apart = Math.abs(timeDays[i] - timeDays[j]);
            if (apart > 1) continue; // another window
            const correlation = (i === j ? 0.6 : 0) + 0.4 * Math.exp(-apart / 0.1);
            sum += 1.7 * correlation * jacobian[a * stride + i] * jacobian[b * stride + j];
          }
        }
        meat[2 * a + b] = sum;
      }
    }
    const times = (x: ArrayLike<number>, y: ArrayLike<number>) =>
      [0, 1, 2, 3].map((k) => x[k & 2] * y[k & 1] + x[(k & 2) + 1] * y[2 + (k & 1)]);
    const expected = times(times(covariance, meat), covariance);
    const found = correlatedCovariance(covariance, jacobian, stride, blocks, noise);
    // A block is a tenth of a duration: here one or two points, whose own distance is left out.
    found.forEach((value, k) => expect(value / expected[k]).toBeCloseTo(1, 1));
  });

  it('grows for depth with noise as long as the transit, not with noise that lifts the window', () => {
    const depthError = (timescaleDays: number) =>
      Math.sqrt(
        correlatedCovariance(covariance, jacobian, stride, blocks, {
          variance: 1,
          share: 0.5,
          timescaleDays,
        })[0],
      );
    const white = Math.sqrt(covariance[0]);
    expect(depthError(DURATION_DAYS) / white).toBeGreaterThan(1.1);
    expect(depthError(100 * DURATION_DAYS) / white).toBeLessThan(1);
  });

  it('leaves what nothing constrains unknown', () => {
    const open = Float64Array.of(NaN, NaN, NaN, 1 / bb);
    const noise = { variance: 4, share: 0, timescaleDays: 1 };
    const found = correlatedCovariance(open, jacobian, stride, blocks, noise);
    expect(found[0]).toBeNaN();
    expect(found[3]).toBeCloseTo(4 / bb, 10);
  });
});
