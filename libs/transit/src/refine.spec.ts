import { describe, expect, it } from 'vitest';
import { arbitrate } from './aliases.js';
import { repetition } from './consistency.js';
import { fold, planFold } from './folding.js';
import { detectionEfficiency, highestPeaks } from './peaks.js';
import { binPoints, searchPoints, withoutTransits } from './points.js';
import { refine } from './refine.js';
import { snrAt, transitSums } from './transit-sums.js';
import { strongestEpochs } from './strongest-epochs.js';
import { simulate, type SimulationOptions } from './simulate.js';
import { singleEvents } from './single-events.js';
import { isConvincing } from './single-transits.js';
import { stitch } from './stitch.js';

const curveOf = (options: SimulationOptions) => stitch(simulate(options)).curve;
const limits = { shortestDays: 0.03, longestDays: 0.5, minPeriodDays: 0.5, maxPeriodDays: 45 };
const planet = { periodDays: 3.217, t0Days: 132.2, radiusRatio: 0.05 };
const points = searchPoints(curveOf({ planets: [planet], noisePpm: 250, seed: 6 }));
const truth = { periodDays: 3.217, t0Days: 132.2, durationDays: 0.108 };

describe('refine', () => {
  it.each([-0.01, -0.003, 0.004, 0.012])(
    'brings a period that is off by %f days back, at no less SNR than the truth has',
    (off) => {
      const middle = truth.t0Days + 13 * truth.periodDays;
      const periodDays = truth.periodDays + off;
      const start = { periodDays, t0Days: middle - 13 * periodDays, durationDays: 0.16 };
      const found = refine(points, start, limits);
      expect(found.snr).toBeGreaterThan(0.998 * snrAt(points, truth));
      expect(Math.abs(found.periodDays - truth.periodDays)).toBeLessThan(5e-4);
    },
  );

  it('never gives less than it got, and keeps to the limits', () => {
    const narrow = { ...limits, shortestDays: 0.15, longestDays: 0.2 };
    const start = { ...truth, durationDays: 0.17 };
    const found = refine(points, start, narrow);
    expect(found.snr).toBeGreaterThanOrEqual(snrAt(points, start));
    expect(found.durationDays).toBeGreaterThanOrEqual(0.15);
  });
});

describe('transitSums', () => {
  it('equals the definition, transit by transit', () => {
    const { numerator, denominator, firstMidTimeDays } = transitSums(points, truth);
    const k = 9;
    const middle = firstMidTimeDays + k * truth.periodDays;
    let above = 0;
    let below = 0;
    const exposure = 29.4244 / 1440;
    const samples = 2001;
    points.timeDays.forEach((time, i) => {
      if (Math.abs(time - middle) > (truth.durationDays + exposure) / 2) return;
      let shape = 0; // mean over the exposure
      for (let s = 0; s < samples; s++) {
        const moment = time - middle + exposure * ((s + 0.5) / samples - 0.5);
        const u = Math.abs(moment) / (truth.durationDays / 2);
        if (u > 1) continue;
        const mu = Math.sqrt(1 - u * u);
        shape += (1 - 0.4804 * (1 - mu) - 0.1867 * (1 - mu) ** 2) / samples;
      }
      above += points.weight[i] * shape * points.dip[i];
      below += points.weight[i] * shape * shape;
    });
    expect(numerator[k] / above).toBeCloseTo(1, 3);
    expect(denominator[k] / below).toBeCloseTo(1, 3);
    expect(numerator).toHaveLength(28);
  });
});

describe('singleEvents and fold', () => {
  it('sees every transit, and white noise of unit scatter elsewhere', () => {
    const [{ numerator, denominator, startDays, stepDays, redness }] = singleEvents(points, [
      { durationDays: 0.1, stepDays: 0.05 },
    ]);
    expect(redness).toBeLessThan(1.1);
    const at = Math.round((132.2 + 5 * 3.217 - startDays) / stepDays);
    expect(numerator[at] / Math.sqrt(denominator[at])).toBeGreaterThan(15);
  });

  it('peaks at the period, which the exact fold confirms', () => {
    const plan = planFold(
      {
        minPeriodDays: 0.5,
        maxPeriodDays: 45,
        density: { solar: 1, isKnown: true, dex: 0.15 },
        shortestDurationDays: 0.04,
        longestDurationDays: 1,
      },
      90,
    );
    const { periodDays, snr, series, events } = fold(points, plan);
    const [cell] = highestPeaks(snr, 1);
    expect(Math.abs(periodDays[cell] / 3.217 - 1)).toBeLessThan(0.003);
    const [exact] = strongestEpochs([
      { events: events[series[cell]], periodDays: periodDays[cell] },
    ]);
    expect(exact.snr / snr[cell]).toBeGreaterThan(0.8);
    expect(detectionEfficiency(snr)).toBeGreaterThan(8);
    for (let i = 1; i < periodDays.length; i++) {
      expect(periodDays[i]).toBeGreaterThan(periodDays[i - 1]);
    }
  });
});

it('labels the folds of a short period over four years within two rows of the truth', () => {
  const short = { periodDays: 0.743518, t0Days: 131.9, radiusRatio: 0.012 };
  const segments = Array.from({ length: 16 }, (_, k) => k + 1);
  const long = searchPoints(curveOf({ planets: [short], segments, noisePpm: 100 }));
  const plan = planFold(
    {
      minPeriodDays: 0.72,
      maxPeriodDays: 0.76,
      density: { solar: 1, isKnown: false, dex: 0.6 },
      shortestDurationDays: 0.041,
      longestDurationDays: 0.1,
    },
    1488,
  );
  const { periodDays, snr, series, events } = fold(long, plan);
  const [cell] = highestPeaks(snr, 1);
  // A row drifts by one moment over the whole span.
  const row = events[series[cell]].stepDays / (1488 / short.periodDays);
  expect(Math.abs(periodDays[cell] - short.periodDays)).toBeLessThan(2 * row);
});

describe('repetition', () => {
  const sums = (depths: number[], weight = 100) => ({
    numerator: Float64Array.from(depths, (depth) => depth * weight),
    denominator: Float64Array.from(depths, () => weight),
    firstMidTimeDays: 0,
  });

  it('is seen in even depths, not in one deep event among empty ones', () => {
    expect(repetition(sums([1, 1.1, 0.9, 1])).repeats).toBe(true);
    const single = repetition(sums([0, 5, 0.1, 0]));
    expect(single).toMatchObject({ repeats: false, strongest: 1, observed: [0, 1, 2, 3] });
    expect(repetition(sums([5, 0, 4.8, 0])).repeats).toBe(false);
  });

  it('needs two transits, and of two the same depth', () => {
    expect(repetition(sums([2])).repeats).toBe(false);
    expect(repetition(sums([2, 1.9])).repeats).toBe(true);
    expect(repetition(sums([2, 1])).repeats).toBe(false);
  });

  it('does not count transits that fall into gaps', () => {
    const gappy = { ...sums([1, 1, 1, 1]), denominator: Float64Array.of(100, 0, 3, 100) };
    expect(repetition(gappy).observed).toEqual([0, 3]);
  });
});

describe('isConvincing', () => {
  const time = Float64Array.from({ length: 200 }, (_, i) => 0.02 * i);
  const event = { t0Days: 2, durationDays: 0.2, depth: 1e-3, variance: 1e-10 };
  const judge = (dip: (t: number) => number, kept: (t: number) => boolean = () => true) => {
    const timeDays = time.filter(kept);
    const weight = new Float64Array(timeDays.length).fill(1e8);
    return isConvincing({ timeDays, dip: timeDays.map(dip), weight }, event);
  };
  const inside = (t: number) => (Math.abs(t - 2) < 0.1 ? 1e-3 : 0);

  it('accepts a dip with a bottom and two sides', () => {
    expect(judge(inside)).toBe(true);
  });

  it('refuses one wild point, a step, and a dip at the edge of a gap', () => {
    expect(judge((t) => (Math.abs(t - 2) < 0.005 ? 1e-2 : 0))).toBe(false);
    expect(judge((t) => (t > 1.9 ? 1e-3 : 0))).toBe(false);
    expect(judge(inside, (t) => t < 2.1 || t > 2.6)).toBe(false);
  });
});

describe('arbitrate', () => {
  const judge = (periodDays: number, t0Days: number, some = points, durationDays = 0.108) =>
    arbitrate(
      some,
      { periodDays, t0Days, durationDays, snr: snrAt(some, { periodDays, t0Days, durationDays }) },
      limits,
      0,
    );

  it.each([2, 3, 1.5, 0.5])('returns to the true period from %f times it', (factor) => {
    const { chosen } = judge(factor * 3.217, 132.2);
    expect(chosen.periodDays).toBeCloseTo(3.217, 2);
  });

  it('keeps the true period and gives a sentence for each of six aliases', () => {
    const { chosen, aliases } = judge(3.217, 132.2);
    expect(chosen.periodDays).toBe(3.217);
    expect(aliases.map(({ ratio }) => ratio)).toEqual([1 / 2, 2, 1 / 3, 3, 2 / 3, 3 / 2]);
    expect(aliases[0].verdict).toMatch(/^Half the period expects dips where there are none/);
    expect(aliases[1].verdict).toMatch(/^Twice the period drops dips that are as deep/);
    for (const { snr } of aliases) expect(snr).toBeLessThan(0.9 * chosen.snr);
  });

  it('doubles the period where every second dip is deeper, on the deeper ones', () => {
    const binary = {
      periodDays: 4,
      t0Days: 134,
      primaryPpm: 9000,
      secondaryPpm: 6000,
      durationHours: 4,
    };
    const curve = searchPoints(curveOf({ binaries: [binary], noisePpm: 200, seed: 2 }));
    const { chosen } = judge(2, 132, curve, 0.15);
    expect(chosen.periodDays).toBeCloseTo(4, 2);
    const cycles = (chosen.t0Days - 134) / 4;
    expect(Math.abs(cycles - Math.round(cycles))).toBeLessThan(0.01);
  });
});

describe('points', () => {
  const curve = curveOf({ mission: 'TESS', segments: [1, 3], noisePpm: 500 });
  const fine = searchPoints(curve);

  it('keep their weighted sum in bins, which never cross a gap', () => {
    const binned = binPoints(curve, fine, 10 / 1440);
    const sum = (p: typeof fine) => p.weight.reduce((s, w, i) => s + w * p.dip[i], 0);
    expect(sum(binned)).toBeCloseTo(sum(fine), 2);
    expect(fine.dip.length / binned.dip.length).toBeGreaterThan(4.9);
    const inGap = binned.timeDays.filter((time) => time > 1351.6 && time < 1380);
    expect(inGap).toHaveLength(0);
  });

  it('lose exactly the transits that are masked, one where there is no period', () => {
    const masked = withoutTransits(fine, 1326, 5, 0.1);
    for (const time of masked.timeDays) {
      const cycles = (time - 1326) / 5;
      expect(Math.abs(cycles - Math.round(cycles)) * 5).toBeGreaterThan(0.1);
    }
    const once = withoutTransits(fine, 1326, NaN, 0.1);
    expect(fine.dip.length - once.dip.length).toBe(144); // 0.2 d of 2-minute points
  });
});
