/** The tests that look at each transit by itself: they fire on what they are for, and on nothing else. */
import { describe, expect, it } from 'vitest';
import { vet } from './vet.js';
import { anInput, vetScene, type Scene } from './vetting.fixture.js';

/** Time from the middle of the nearest transit of the fixture, 3 d apart from day 1 on. */
const fromMid = (time: number) => time - 1 - 3 * Math.round((time - 1) / 3);
/** A flat star, and something else at the transits; the search still names a transit there. */
const instead = (dip: (fromMidDays: number, epoch: number) => number): Scene => ({
  change: (time, _, epoch) => 1 - dip(fromMid(time), epoch),
});

describe('steps', () => {
  it('B.26 refuses sudden drops that recover, as a cosmic ray leaves them', () => {
    const drops = instead((time) => (time > -0.05 ? 0.01 * Math.exp(-(time + 0.05) / 0.15) : 0));
    const test = vetScene(drops, 'steps');
    expect(test.verdict, test.message).toBe('fail');
    expect(test.message).toMatch(/^Steps of the detector, no transits: (9\d|100) % of the signal/);
  });

  it('refuses steps down that come back outside of the window', () => {
    const steps = instead((time) => (time > -0.05 && time < 0.6 ? 0.01 : 0));
    expect(vetScene(steps, 'steps').verdict).toBe('fail');
  });

  it('takes no transit for a step, deep or at the noise', () => {
    for (const noise of [5e-5, 5e-4, 5e-3]) {
      expect(vetScene({ noise }, 'steps')).toMatchObject({ verdict: 'pass' });
    }
  });
});

describe('gaps', () => {
  const afterGap = (time: number) => fromMid(time) < -0.5 || fromMid(time) > -0.07;

  it('B.26 refuses a signal whose events all stand at the edge of a gap', () => {
    const test = vetScene({ keep: afterGap }, 'gaps');
    expect(test.verdict).toBe('fail');
    expect(test.message).toContain('in 20 of 20 events at the edge of a gap');
  });

  it('looks at both sides', () => {
    const beforeGap = (time: number) => fromMid(time) < 0.07 || fromMid(time) > 0.5;
    expect(vetScene({ keep: beforeGap }, 'gaps').verdict).toBe('fail');
  });

  it('allows one transit of many to stand there', () => {
    const keep = (time: number) => time > 3 || afterGap(time);
    const test = vetScene({ keep }, 'gaps');
    expect(test.verdict).toBe('pass');
    expect(test.message).toContain('in 1 of 20 events');
  });

  it('takes no other candidate, cut out beside the transit, for a gap', () => {
    const { observedDays } = anInput();
    const test = vet({ ...anInput({ keep: afterGap }), observedDays }).find(
      ({ test }) => test === 'gaps',
    );
    expect(test).toMatchObject({ value: 0, verdict: 'pass' });
  });
});

describe('good_transits', () => {
  const atGap = (time: number) => fromMid(time) < -0.5 || fromMid(time) > -0.07;

  it('B.26 refuses what is left of a weak signal without its events at gaps', () => {
    const keep = (time: number) => atGap(time) || (time > 30 && time < 42);
    const test = vetScene({ keep, signal: { snr: 8 } }, 'good_transits');
    expect(test.verdict, test.message).toBe('fail');
    expect(test.message).toContain('4 of 20 transits are neither at a gap nor a step');
  });

  it('asks a human where fewer than three are clean', () => {
    const keep = (time: number) => atGap(time) || (time > 30 && time < 36);
    const test = vetScene({ keep }, 'good_transits');
    expect(test.verdict).toBe('warn');
    expect(test.message).toMatch(/^Fewer than 3 clean transits: 2 of 20/);
  });

  it('keeps all of a planet', () => {
    const test = vetScene({}, 'good_transits');
    expect(test).toMatchObject({ value: 50, verdict: 'pass' });
  });
});

describe('asymmetry', () => {
  it('B.26 refuses a dip with one wing', () => {
    const oneWing = instead((time) => (time > -0.03 ? 0.01 * Math.exp(-(time + 0.03) / 0.1) : 0));
    const test = vetScene(oneWing, 'asymmetry');
    expect(test.verdict, test.message).toBe('fail');
  });

  it('allows what a small error of the mid-time does', () => {
    const fit = (good: ReturnType<typeof anInput>['fit']) => ({
      ...good,
      t0Days: { ...good.t0Days, value: good.t0Days.value + 0.005 },
    });
    expect(vetScene({ fit }, 'asymmetry').verdict).toBe('pass');
  });

  it('is a comparison of two sides, and says so where one is missing', () => {
    const keep = (time: number) => fromMid(time) < 0.01;
    const scene = { keep, days: 16, fit: () => anInput().fit };
    expect(vetScene(scene, 'asymmetry').message).toMatch(/^\d+ points before and \d after/);
  });
});

describe('chases', () => {
  const model = { periodDays: 15 };
  const few: Scene = { model };

  it('B.26 refuses a dip with another as strong, up or down, close to it', () => {
    for (const sign of [1, -1]) {
      const change = (time: number, flux: number) =>
        Math.abs(((time - 1.5 + 7.5) % 15) - 7.5) < 0.1 ? flux - sign * 0.009 : flux;
      const test = vetScene({ ...few, change }, 'chases');
      expect(test.verdict, test.message).toBe('fail');
      expect(test.message).toMatch(/is 0\.\d+ d from the transits/);
      expect(test.value).toBeLessThan(0.4);
    }
  });

  it('lets a lone transit pass, and a rival that is far away', () => {
    expect(vetScene(few, 'chases')).toMatchObject({ value: 1, verdict: 'pass' });
    const change = (time: number, flux: number) =>
      Math.abs(((time - 7 + 7.5) % 15) - 7.5) < 0.1 ? flux - 0.009 : flux;
    expect(vetScene({ ...few, change }, 'chases').verdict).toBe('pass');
  });

  it('takes no wing of a transit for a rival, near the noise', () => {
    for (let seed = 1; seed <= 20; seed++) {
      // 27 points of 1.2 % in each transit: 8 sigma, and less by the noise of its sides.
      const test = vetScene({ ...few, noise: 0.007, seed }, 'chases');
      expect(test.verdict, test.message).not.toBe('fail');
    }
  });

  it('says where it is not asked', () => {
    expect(vetScene({}, 'chases').message).toBe('Asked of at most 5 transits; 20 have data.');
    const weak = { ...few, noise: 0.02 };
    expect(vetScene(weak, 'chases').message).toMatch(/^No transit has 6 sigma by itself/);
  });
});

describe('negative_events', () => {
  it('B.26 refuses events of both signs', () => {
    const bothSigns: Scene = {
      model: { radiusRatio: 0.05 },
      change: (_, flux, epoch) => (epoch % 3 === 0 ? 2 - flux : flux),
    };
    const test = vetScene(bothSigns, 'negative_events');
    expect(test.verdict, test.message).toBe('fail');
    expect(test.message).toMatch(/7 events are bumps and 13 are dips/);
  });

  it('takes no scatter of weak transits for bumps', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const weak = { model: { radiusRatio: 0.02 }, noise: 1e-3, seed };
      expect(vetScene(weak, 'negative_events').verdict).not.toBe('fail');
    }
  });
});
