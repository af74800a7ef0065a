import { describe, expect, it } from 'vitest';
import { Scratch } from '#kernels';
import { mockFitter } from '../fit/mock.js';
import { vettingContext } from './context.js';
import { vet } from './vet.js';
import { anInput, vetScene, type Scene } from './vetting.fixture.js';

const verdictsOf = (scene: Scene) =>
  Object.fromEntries(vet(anInput(scene)).map(({ test, verdict }) => [test, verdict]));

/** A box-shaped second eclipse of a third of the transit's length at one phase. */
const eclipseAt = (phase: number, depth: number) => (time: number, flux: number) => {
  const cycles = (time - 1) / 3 - phase;
  return Math.abs(cycles - Math.round(cycles)) * 3 < 0.05 ? flux - depth : flux;
};

describe('vet', () => {
  it('B.26 passes a planet in every test', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { segment_depth, chases, ...others } = verdictsOf({ seed });
      // One file only, and too many transits to need it.
      expect([segment_depth, chases]).toEqual(['not_computable', 'not_computable']);
      expect(new Set(Object.values(others))).toEqual(new Set(['pass']));
    }
  });

  it.each([
    ['a small planet', { model: { radiusRatio: 0.02 }, noise: 1e-4 }],
    ['a grazing planet', { model: { impact: 0.9 } }],
    ['a planet of a long period', { model: { periodDays: 25 }, days: 110, noise: 2e-4 }],
    ['an ultra-short period', { model: { periodDays: 0.6, radiusRatio: 0.02 }, noise: 1e-4 }],
    ['an unknown star', { star: {} }],
  ])('fails nothing for %s', (_, scene) => {
    expect(Object.values(verdictsOf(scene))).not.toContain('fail');
  });

  it('gives the same answers in memory that others have used', () => {
    const scratch = new Scratch();
    scratch.during(() => scratch.float64(1e5).fill(NaN));
    for (const input of [anInput(), anInput({ model: { periodDays: 25 }, days: 110 })]) {
      expect(vet({ ...input, scratch })).toEqual(vet(input));
    }
  });

  it('gives each test one name, a threshold and a sentence with numbers', () => {
    const tests = vet(anInput());
    expect(new Set(tests.map(({ test }) => test)).size).toBe(tests.length);
    for (const { test, threshold, message, value } of tests) {
      expect(test).toMatch(/^[a-z_]+$/);
      expect(Number.isFinite(threshold)).toBe(true);
      expect(value === null || Number.isFinite(value)).toBe(true);
      expect(message).toMatch(/\d.*\.$/);
    }
  });

  it('says null and a reason wherever a single event leaves nothing to compare', () => {
    const tests = vet(anInput({ signal: { periodDays: NaN, transitsObserved: 1 } }));
    for (const { value, verdict, message } of tests) {
      expect(value === null).toBe(verdict === 'not_computable');
      expect(value === null || Number.isFinite(value)).toBe(true);
      expect(message).not.toContain('NaN');
    }
    expect(tests.filter(({ verdict }) => verdict === 'not_computable').length).toBeGreaterThan(5);
  });

  it.each([
    ['two transits', { days: 6 }],
    ['one point in ten', { keep: (time: number) => Math.round(time * 144) % 10 === 0 }],
    [
      'no points in the transits',
      { keep: (time: number) => Math.abs(((time + 0.5) % 3) - 1.5) > 0.2 },
    ],
    [
      'only points in the transits',
      { keep: (time: number) => Math.abs(((time + 0.5) % 3) - 1.5) < 0.06 },
    ],
    ['a flat curve', { model: { radiusRatio: 0 }, noise: 1e-12 }],
    ['a transit as long as its period', { signal: { durationHours: 70 } }],
  ])('answers without NaN for %s', (_, scene) => {
    for (const { value, message, verdict } of vet(anInput(scene))) {
      expect(value === null).toBe(verdict === 'not_computable');
      expect(value === null || Number.isFinite(value), message).toBe(true);
      expect(message).not.toMatch(/NaN|Infinity/);
    }
  });
});

describe('vettingContext', () => {
  it('counts as red noise what wanders, not what repeats with the period', () => {
    const wave = (period: number) => ({
      change: (time: number, flux: number) =>
        flux + 2e-3 * Math.cos((2 * Math.PI * (time - 1)) / period),
    });
    const locked = vettingContext(anInput(wave(1.5))).redVariance;
    const wandering = vettingContext(anInput(wave(1.37))).redVariance;
    expect(locked).toBeLessThan(0.1 * wandering);
    expect(Math.sqrt(wandering)).toBeGreaterThan(1e-3);
  });
});

describe('odd_even', () => {
  const alternating = (by: number) => ({
    change: (_: number, flux: number, epoch: number) =>
      epoch % 2 === 0 ? flux : 1 - (1 - flux) * (1 - by),
  });

  it('B.26 catches an eclipsing binary that was found at half its period', () => {
    const test = vetScene(alternating(0.3), 'odd_even');
    expect(test.verdict).toBe('fail');
    expect(test.message).toMatch(
      /^An eclipsing binary at twice the period: odd and even depths differ by (29|30|31) %/,
    );
  });

  it('is not alarmed by a significant difference of a few percent, as spots make it', () => {
    const test = vetScene({ ...alternating(0.03), noise: 5e-5 }, 'odd_even');
    expect(test.value).toBeGreaterThan(4);
    expect(test.verdict).toBe('pass');
  });

  it('raises false alarms as rarely as its sigma says', () => {
    const values = Array.from(
      { length: 60 },
      (_, i) => vetScene({ seed: i + 1 }, 'odd_even').value!,
    );
    expect(values.filter((value) => value > 2).length).toBeLessThanOrEqual(8); // 3 expected
    expect(Math.max(...values)).toBeLessThan(4);
  });

  it('is not computable where no odd transit has data', () => {
    const keep = (time: number) => Math.abs(((time + 2) % 6) - 3) < 0.75;
    const test = vetScene({ keep }, 'odd_even');
    expect(test).toMatchObject({ verdict: 'not_computable', value: null });
    expect(test.message).toBe(
      'Odd and even transits cannot be compared: 0 odd and 10 even ones have data.',
    );
  });
});

describe('secondary', () => {
  it('B.26 catches a second eclipse at half the period, and on an eccentric orbit', () => {
    expect(vetScene({ change: eclipseAt(0.5, 0.003) }, 'secondary')).toMatchObject({
      verdict: 'fail',
    });
    const eccentric = vetScene({ change: eclipseAt(0.31, 0.003) }, 'secondary');
    expect(eccentric.verdict).toBe('fail');
    expect(eccentric.message).toMatch(/at phase 0\.3[012]/);
  });

  it('allows what a close planet can reflect and radiate', () => {
    // At 3 days a/R* is 8.8: 1 / 8.8^2 = 1.3 % of the transit's 12,000 ppm, twice over for the margin.
    const test = vetScene({ change: eclipseAt(0.5, 1.8e-4), noise: 1e-4 }, 'secondary');
    expect(test.value).toBeGreaterThan(6);
    expect(test.verdict).toBe('pass');
    expect(test.message).toContain('; a planet can reflect and radiate 2.6 %');
  });

  it('is not fooled by the smooth variation of a star', () => {
    const change = (time: number, flux: number) =>
      flux - 1e-3 * Math.cos((4 * Math.PI * (time - 1)) / 3);
    expect(vetScene({ change }, 'secondary').verdict).toBe('pass');
  });

  it('sees a second eclipse on top of the variation of two stars that pull each other out of shape', () => {
    const secondEclipse = eclipseAt(0.5, 0.0035);
    const change = (time: number, flux: number) =>
      secondEclipse(time, flux) - 0.002 * Math.cos((4 * Math.PI * (time - 1)) / 3);
    const zz = vetScene({ change }, 'secondary');
    expect(zz.verdict, zz.message).toBe('fail');
  });

  it('sees the second eclipse of a binary whose eclipses fill the orbit', () => {
    const model = { periodDays: 0.7, axisRatio: 2.2, radiusRatio: 0.3 };
    const change = (time: number, flux: number) => {
      const cycles = (time - 1) / 0.7 - 0.5;
      const away = Math.abs(cycles - Math.round(cycles)) / 0.16;
      return away < 1 ? flux - 0.05 * (1 - away * away) : flux;
    };
    expect(vetScene({ model, change }, 'secondary').verdict).toBe('fail');
  });
});

describe('planet_radius and shape', () => {
  it('B.26 refuses a body of three Jupiter radii, and a deep eclipse of an unknown star', () => {
    expect(vetScene({ model: { radiusRatio: 0.32 } }, 'planet_radius').verdict).toBe('fail');
    const unknown = vetScene({ model: { radiusRatio: 0.4 }, star: {} }, 'planet_radius');
    expect(unknown.verdict).toBe('fail');
    expect(unknown.message).toContain('an assumed star of 1.00 solar radii');
  });

  it('takes the same depth round a red dwarf for a planet', () => {
    const model = { radiusRatio: 0.32, axisRatio: axisOfRedDwarf };
    const star = { radiusSun: 0.3, massSun: 0.3, effectiveTemperatureK: 3400, logg: 4.96 };
    expect(vetScene({ model, star }, 'planet_radius').verdict).toBe('pass');
  });

  it('B.26 refuses a V whose impact is measured, and leaves open one that is not', () => {
    const sharp = vetScene({ model: { radiusRatio: 0.25, impact: 1.0 }, noise: 1e-4 }, 'shape');
    expect(sharp.verdict).toBe('fail');
    expect(sharp.message).toMatch(/^V-shaped, a grazing body: b \+ Rp\/R\* = 1\.2/);
    const vague = vetScene({ model: { radiusRatio: 0.25, impact: 1.0 }, noise: 1e-2 }, 'shape');
    expect(vague.verdict).not.toBe('fail');
  });

  it('has no shape without a fit', () => {
    const input = anInput();
    const shape = vet({ ...input, fit: mockFitter.fit(input) }).find(
      ({ test }) => test === 'shape',
    );
    expect(shape?.verdict).toBe('not_computable');
    expect(shape?.message).toContain('A mock');
  });
});

/** a/R* of a 3-day orbit round a star of 0.3 solar masses and radii. */
const axisOfRedDwarf = 19.6;

describe('sinusoid', () => {
  it('B.26 catches a star that varies in step with the signal', () => {
    const variation = (time: number) => 0.02 * Math.sin((2 * Math.PI * time) / 3);
    const test = vetScene({ variation }, 'sinusoid');
    expect(test.verdict).toBe('fail');
    expect(test.message).toMatch(/a sine at 1 P has 1[67]\d % of the depth/);
  });

  it('does not mind a star that varies at another period, or drifts', () => {
    const rotation = (time: number) => 0.02 * Math.sin((2 * Math.PI * time) / 4.1);
    expect(vetScene({ variation: rotation }, 'sinusoid').verdict).not.toBe('fail');
    expect(vetScene({ variation: (time) => 0.02 * time }, 'sinusoid').verdict).toBe('pass');
  });

  it('does not mind a star that turns at nearly the period, and does more than that', () => {
    const variation = (time: number) =>
      0.02 * Math.sin((2 * Math.PI * time) / 3.2) + 0.03 * Math.sin((2 * Math.PI * time) / 2.1);
    const test = vetScene({ variation }, 'sinusoid');
    expect(test.verdict, test.message).not.toBe('fail');
  });

  it('says how much of the variation is in step', () => {
    const half = (time: number) =>
      0.02 * Math.sin((2 * Math.PI * time) / 3) + 0.02 * Math.sin((2 * Math.PI * time) / 0.7);
    expect(vetScene({ variation: half }, 'sinusoid').message).toMatch(
      /is (4[89]|5[0-2]) % of the star's variation/,
    );
  });

  it('is not computable at long periods', () => {
    const scene = { model: { periodDays: 7 } };
    expect(vetScene(scene, 'sinusoid').message).toBe(
      'At 7.00 d a sine cannot be told from slow drift; 5 d is the longest tested.',
    );
  });
});

describe('density_duration', () => {
  it('B.26 refuses a transit that no orbit round this star allows', () => {
    const test = vetScene({ model: { periodDays: 3, axisRatio: 2.8 } }, 'density_duration');
    expect(test.verdict).toBe('fail');
    expect(test.value).toBeGreaterThan(2.5);
  });

  it('allows as much as the ignorance of the star does', () => {
    const scene = { model: { periodDays: 3, axisRatio: 3.7 }, star: {} };
    expect(vetScene(scene, 'density_duration').verdict).not.toBe('fail');
  });
});

describe('single_event, depth_scatter, transit_coverage', () => {
  it('refuses a signal that is in one of its transits', () => {
    const change = (_: number, flux: number, epoch: number) => (epoch === 7 ? flux : 1);
    const scene = { change, fit: undefined, signal: { depthPpm: 600 } };
    expect(vetScene(scene, 'single_event').verdict).toBe('fail');
  });

  it('refuses depths that change from transit to transit', () => {
    const change = (_: number, flux: number, epoch: number) =>
      1 - (1 - flux) * (1 + 2.5 * Math.sin(epoch * 2.1));
    const test = vetScene({ change }, 'depth_scatter');
    expect(test.verdict).toBe('fail');
    expect(test.message).toContain('20 transits');
  });

  it('does not take noise for depths that change', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const scene = { model: { radiusRatio: 0.03 }, noise: 2e-3, seed };
      expect(vetScene(scene, 'depth_scatter').value).toBeLessThan(0.7);
      expect(vetScene(scene, 'depth_scatter').verdict).toBe('pass');
    }
  });

  it('needs four transits to compare depths', () => {
    expect(vetScene({ days: 9 }, 'depth_scatter').message).toBe(
      '3 transits have data; 4 are needed to compare their depths.',
    );
  });

  it('warns of two transits, and of transits that are half seen', () => {
    const two = vetScene({ days: 6 }, 'transit_coverage');
    expect(two).toMatchObject({ verdict: 'warn', value: 2, threshold: 3 });
    const half = vetScene(
      { keep: (time) => (time + 0.5) % 3 > 1.51 || (time + 0.5) % 3 < 1.3 },
      'transit_coverage',
    );
    expect(half.message).toMatch(/^The transits are only partly seen: 20 of 20/);
  });
});

describe('uniqueness and fit_residual', () => {
  it('refuses a dip that is one of many ripples', () => {
    const change = (time: number, flux: number) =>
      flux + 1e-3 * Math.sign(Math.sin((2 * Math.PI * time * 7) / 3 + 2.1));
    const scene = {
      model: { radiusRatio: 0.01 },
      change,
      noise: 2e-4,
      signal: { durationHours: 4 },
    };
    expect(vetScene(scene, 'uniqueness').verdict).toBe('fail');
  });

  it('refuses a dip where the folded curve has a bump as high', () => {
    const bump = eclipseAt(0.4, -0.0016);
    const scene = { model: { radiusRatio: 0.035 }, change: bump };
    expect(vetScene({ model: { radiusRatio: 0.035 } }, 'uniqueness').verdict).toBe('pass');
    expect(vetScene(scene, 'uniqueness').verdict).toBe('fail');
  });

  it('does not take noise for a wrong shape', () => {
    const scene = { model: { radiusRatio: 0.03 }, noise: 1.5e-3 };
    expect(vetScene(scene, 'fit_residual')).toMatchObject({ verdict: 'pass' });
    for (let seed = 1; seed <= 20; seed++) {
      // 20 transits of 17 points, 9 sigma: noise leaves a quarter of the depth over in some of them.
      const weak = { model: { radiusRatio: 0.022 }, noise: 1e-3, seed };
      expect(vetScene(weak, 'fit_residual').verdict).not.toBe('fail');
    }
  });

  it('refuses a curve that a transit does not explain', () => {
    const change = (time: number, flux: number) => {
      const cycles = (time - 1) / 3;
      const hours = 72 * (cycles - Math.round(cycles));
      return Math.abs(hours) < 4 ? flux + 0.006 * Math.sin(hours * 2.5) : flux;
    };
    expect(vetScene({ change }, 'fit_residual').verdict).toBe('fail');
  });
});
