import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { scanFold } from './fold-scan.js';

const PERIOD = 5;
const DURATION = 0.15;

function points({ secondaryAt = 0.5, depth = 0, noise = 1e-3, seed = 1 }) {
  const random = seededRandom(seed);
  const timeDays = Float64Array.from({ length: 10_000 }, (_, i) => i * 0.01);
  const near = (time: number, phase: number) => {
    const cycles = time / PERIOD - phase;
    return Math.abs(cycles - Math.round(cycles)) * PERIOD < DURATION / 2;
  };
  const dip = timeDays.map(
    (time) =>
      (near(time, 0) ? 0.01 : 0) + (near(time, secondaryAt) ? depth : 0) + noise * random.normal(),
  );
  return { timeDays, dip, weight: new Float64Array(10_000).fill(1 / (noise * noise)) };
}

describe('scanFold', () => {
  it('measures depth, phase and significance of both eclipses', () => {
    const scan = scanFold(points({ secondaryAt: 0.4, depth: 0.002 }), PERIOD, 0, DURATION, 0)!;
    expect(scan.primary.depth).toBeCloseTo(0.01, 3);
    expect(scan.secondary.phase).toBeCloseTo(0.4, 2);
    expect(scan.secondary.depth).toBeCloseTo(0.002, 3);
    // 20 cycles of 15 points: 0.002 / (0.001 / sqrt(300)), less by the noise of the two sides.
    expect(scan.secondary.significance).toBeGreaterThan(20);
    expect(scan.secondary.significance).toBeLessThan(36);
    expect(scan.tertiary.significance).toBeLessThan(5);
    expect(scan.bump.significance).toBeLessThan(5);
  });

  it('finds nothing in white noise', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const scan = scanFold(points({ seed }), PERIOD, 0, DURATION, 0)!;
      expect(scan.secondary.significance).toBeLessThan(5);
      expect(scan.redness).toBeLessThan(1.5);
    }
  });

  it('trusts a dip less where the noise is known to be red', () => {
    const curve = points({ depth: 0.002 });
    const white = scanFold(curve, PERIOD, 0, DURATION, 0)!.secondary.significance;
    // Five times the white variance of one transit's mean.
    const red = scanFold(curve, PERIOD, 0, DURATION, 5 * (1e-6 / 15))!.secondary.significance;
    expect(red).toBeLessThan(0.6 * white);
  });

  it('has nothing to compare where nearly all of the orbit is unseen', () => {
    const { timeDays, dip, weight } = points({});
    const kept = weight.map((value, i) => (timeDays[i] % PERIOD < 0.5 ? value : 0));
    expect(scanFold({ timeDays, dip, weight: kept }, PERIOD, 0, DURATION, 0)).toBeNull();
  });
});
