/** The tests that compare transits with each other and with the fold: what they fire on, and what not. */
import { describe, expect, it } from 'vitest';
import { mockFitter } from '../fit/mock.js';
import type { TransitFit } from '../types.js';
import { vet } from './vet.js';
import { anInput, sceneModel, vetScene } from './vetting.fixture.js';
import { transitFlux } from '../transit-model.js';

describe('odd_even_timing', () => {
  /** Odd transits come later by these days. */
  const late = (days: number) => ({
    change: (time: number, flux: number, epoch: number) =>
      epoch % 2 === 0
        ? flux
        : transitFlux(sceneModel({}), Float64Array.of(time - days), 10 / 1440)[0],
  });

  it('B.26 catches the two eclipses of an eccentric orbit that were found as one', () => {
    const test = vetScene(late(0.03), 'odd_even_timing');
    expect(test.verdict, test.message).toBe('fail');
    expect(test.message).toMatch(
      // Of 43 min: what lies beyond the flanks of the fitted transit counts as at their ends.
      /^Two different eclipses at twice the period: .* (2[5-9]|3\d|4[0-6])\.\d min/,
    );
  });

  it('allows a minute of planets that pull at each other', () => {
    expect(vetScene(late(1 / 1440), 'odd_even_timing').verdict).toBe('pass');
  });

  it('has sigmas that mean what they say', () => {
    const values = Array.from(
      { length: 60 },
      (_, i) => vetScene({ seed: i + 1 }, 'odd_even_timing').value!,
    );
    expect(values.filter((value) => value > 2).length).toBeLessThanOrEqual(8); // 3 expected
    expect(values.filter((value) => value > 0.67).length).toBeGreaterThan(18); // 30 expected
  });
});

describe('depth_mean_median', () => {
  it('B.26 refuses a few deep events among shallow ones', () => {
    const change = (_: number, flux: number, epoch: number) =>
      1 - (1 - flux) * (epoch % 5 === 0 ? 4 : 0.5);
    const test = vetScene({ change }, 'depth_mean_median');
    expect(test.verdict, test.message).toBe('fail');
    expect(test.value).toBeCloseTo((4 / 5 + 0.5 * (4 / 5)) / 0.5, 1);
  });

  it('passes equal depths, also weak ones', () => {
    expect(vetScene({}, 'depth_mean_median').value).toBeCloseTo(1, 1);
    for (let seed = 1; seed <= 10; seed++) {
      const weak = { model: { radiusRatio: 0.02 }, noise: 1e-3, seed };
      expect(vetScene(weak, 'depth_mean_median').verdict).not.toBe('fail');
    }
  });

  it('refuses events of which most do not dip at all', () => {
    const change = (_: number, flux: number, epoch: number) => (epoch % 4 === 0 ? flux : 1);
    expect(vetScene({ change }, 'depth_mean_median').verdict).toBe('fail');
  });

  it('needs four transits', () => {
    expect(vetScene({ days: 9 }, 'depth_mean_median').message).toBe(
      '3 transits have data; 4 are needed for a median depth.',
    );
  });
});

describe('segment_depth', () => {
  const file = (time: number) => Math.min(3, Math.floor(time / 15));

  it('B.26 refuses a signal that one file has and the others have not', () => {
    const change = (time: number, flux: number) => (file(time) === 2 ? flux : 1);
    const test = vetScene({ file, change }, 'segment_depth');
    expect(test.verdict, test.message).toBe('fail');
    expect(test.message).toContain('in file 3 of 4 it differs by');
  });

  it('passes what is as deep in every file', () => {
    for (let seed = 1; seed <= 10; seed++) {
      expect(vetScene({ file, seed }, 'segment_depth').verdict).toBe('pass');
    }
  });

  it('needs two files', () => {
    expect(vetScene({}, 'segment_depth').message).toBe(
      'The transits are in 1 file; two are needed to compare.',
    );
  });
});

describe('epoch_drift', () => {
  const drifted = (days: number) => ({
    fit: (fit: TransitFit) => ({
      ...fit,
      periodDays: { ...fit.periodDays, value: fit.periodDays.value + days },
    }),
  });

  it('B.26 refuses a fit that walked away from what was found', () => {
    // 19 periods of 0.01 d are 4.6 h at the last transit.
    const test = vetScene(drifted(0.01), 'epoch_drift');
    expect(test.verdict).toBe('fail');
    expect(test.message).toMatch(/they differ by at most 27\d\.\d min/);
  });

  it('passes a fit that stays, and has no drift without a fit', () => {
    expect(vetScene({}, 'epoch_drift').verdict).toBe('pass');
    const input = anInput();
    const tests = vet({ ...input, fit: mockFitter.fit(input) });
    expect(tests.find(({ test }) => test === 'epoch_drift')?.verdict).toBe('not_computable');
  });
});

describe('significance', () => {
  it('B.26 refuses the deepest box of noise', () => {
    const noise = { model: { radiusRatio: 0.006 }, change: () => 1 };
    for (let seed = 1; seed <= 10; seed++) {
      expect(vetScene({ ...noise, seed }, 'significance').verdict).toBe('fail');
    }
  });

  it('asks for more where the orbit has room for more boxes', () => {
    const short = vetScene({ model: { periodDays: 1 } }, 'significance');
    const long = vetScene({ model: { periodDays: 20 } }, 'significance');
    expect(short.verdict).toBe('pass');
    expect(long.verdict).toBe('pass');
    expect(long.threshold).toBeGreaterThan(short.threshold);
  });

  it('passes a dip that is weak in points and clear in the fold', () => {
    // 20 transits of 17 points: 900 ppm over 1000 ppm / sqrt(340) are 16 sigma, less for the sides.
    const weak = vetScene({ model: { radiusRatio: 0.03 }, noise: 1e-3 }, 'significance');
    expect(weak.verdict, weak.message).toBe('pass');
    expect(weak.value).toBeGreaterThan(9);
    expect(weak.value).toBeLessThan(17);
  });
});

describe('sine_shape', () => {
  it.each([1, 2])('B.26 refuses a wave with %i minima a period', (minima) => {
    const wave = (time: number) => 1 - 0.003 * Math.cos((2 * Math.PI * minima * (time - 1)) / 3);
    const scene = { model: { radiusRatio: 0.06 }, change: wave, signal: { durationHours: 8 } };
    const test = vetScene(scene, 'sine_shape');
    expect(test.verdict, test.message).toBe('fail');
  });

  it('passes transits, also of a seventh of the period', () => {
    expect(vetScene({}, 'sine_shape').value).toBeLessThan(0.3);
    const long = { model: { periodDays: 0.6, axisRatio: 2.6 } };
    expect(vetScene(long, 'sine_shape').verdict).toBe('pass');
  });
});

describe('v_shape', () => {
  /** A triangle as long as the transit, for the seed's noise. */
  const triangle = (time: number) => {
    const away = Math.abs(time - 1 - 3 * Math.round((time - 1) / 3)) / 0.08;
    return 1 - 0.004 * Math.max(0, 1 - away);
  };

  it('B.26 refuses the V of stars that graze each other, also at the noise', () => {
    for (let seed = 1; seed <= 5; seed++) {
      // 20 eclipses of 23 points, 0.23 % deep in the root mean square, over 0.07 % of noise: 70 sigma.
      const test = vetScene({ change: triangle, noise: 7e-4, seed }, 'v_shape');
      expect(test.verdict, test.message).toBe('fail');
    }
  });

  it('takes no planet for a V, whatever its chord', () => {
    for (const impact of [0, 0.5, 0.8, 0.88]) {
      const test = vetScene({ model: { radiusRatio: 0.06, impact }, noise: 1e-3 }, 'v_shape');
      expect(test.verdict, test.message).not.toBe('fail');
    }
  });

  it('has no shape without a fit', () => {
    const input = anInput();
    const tests = vet({ ...input, fit: mockFitter.fit(input) });
    expect(tests.find(({ test }) => test === 'v_shape')?.verdict).toBe('not_computable');
  });
});
