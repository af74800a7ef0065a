import { describe, expect, it } from 'vitest';
import { bls } from './bls.js';
import { boxAt, referenceBls } from './bls.reference.js';
import astropy from './fixtures/bls-astropy.json' with { type: 'json' };
import type { Points } from './points.js';
import { seededRandom } from './random.js';

const points: Points = {
  timeDays: Float64Array.from(astropy.timeDays),
  dip: Float64Array.from(astropy.flux, (flux) => 1 - flux),
  weight: Float64Array.from(astropy.fluxError, (error) => 1 / error ** 2),
};
const search = (periods: number[], some = points) =>
  bls(some, {
    periodsDays: Float64Array.from(periods),
    durationsDays: astropy.durationsDays,
    oversample: astropy.oversample,
  });

describe('bls', () => {
  it('B.13 reproduces the numbers of astropy', () => {
    // Without the first period, 0.7 d: its best box straddles phase 0, where astropy 5.2 overwrites
    // the last bin with the first one; the next test compares that box with the definition.
    const result = search(astropy.periodsDays.slice(1));
    astropy.periodsDays.slice(1).forEach((_, i) => {
      expect(result.snr[i]).toBeCloseTo(astropy.snr[i + 1], 10);
      expect(result.depth[i]).toBeCloseTo(astropy.depth[i + 1], 12);
      expect(result.durationDays[i]).toBe(astropy.durationDays[i + 1]);
      expect(result.t0Days[i]).toBeCloseTo(astropy.transitTimeDays[i + 1], 9);
    });
  });

  it('gives the depth and SNR that the definition gives for the box it names', () => {
    const periods = [0.7, 2.03, 3.21, 7.7];
    const result = search(periods);
    periods.forEach((period, i) => {
      const box = boxAt(points, period, result.t0Days[i], result.durationDays[i]);
      // Points on the edge of a bin may fall to either side: at most one of the 540.
      expect(Math.abs(result.snr[i] - box.snr)).toBeLessThan(0.03 * box.snr);
    });
    expect(boxAt(points, 3.21, 1.3, 0.16).depth).toBeCloseTo(astropy.boxAtTruth.depth, 9);
  });

  it('finds the best box of a literal search over all epochs', () => {
    const step = astropy.durationsDays[0] / astropy.oversample;
    for (const period of [1.07, 3.21, 5.5]) {
      const expected = referenceBls(points, period, astropy.durationsDays, step);
      expect(search([period]).snr[0] / expected.snr).toBeCloseTo(1, 2);
    }
  });

  it('does not change with the unit of flux, its sign of time zero, or the order of periods', () => {
    const [one, two] = [search([3.21, 2]), search([2, 3.21])];
    expect(one.snr[0]).toBe(two.snr[1]);
    const scaled = {
      ...points,
      dip: points.dip.map((x) => 8 * x),
      weight: points.weight.map((w) => w / 64),
    };
    expect(search([3.21], scaled).snr[0]).toBeCloseTo(one.snr[0], 12);
    expect(search([3.21], scaled).depth[0]).toBeCloseTo(8 * one.depth[0], 12);
    const shifted = { ...points, timeDays: points.timeDays.map((time) => time + 64) };
    expect(search([3.21], shifted).snr[0]).toBeCloseTo(one.snr[0], 9);
    expect(search([3.21], shifted).t0Days[0]).toBeCloseTo(one.t0Days[0] + 64, 9);
  });

  it('finds nothing beyond chance in noise, and nothing at all in bumps', () => {
    const random = seededRandom(4);
    const noise = {
      ...points,
      dip: points.timeDays.map((_, i) => random.normal() / Math.sqrt(points.weight[i])),
    };
    for (const snr of search([1.1, 2.2, 3.3, 4.4], noise).snr) expect(snr).toBeLessThan(5);
    const flat = { ...points, dip: new Float64Array(points.dip.length) };
    expect([...search([3.21], flat).snr]).toEqual([0]);
  });

  it('refuses durations that are not positive or not shorter than the periods', () => {
    const options = { periodsDays: Float64Array.of(1, 0.2), durationsDays: [0.3] };
    expect(() => bls(points, options)).toThrow('periodsDays must exceed 0.3 d, not 0.2');
    expect(() => bls(points, { ...options, durationsDays: [0] })).toThrow(
      'durationsDays must be > 0, not 0',
    );
  });
});
