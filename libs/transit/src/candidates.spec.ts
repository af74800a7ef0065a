import { expect, it } from 'vitest';
import { findCandidates } from './candidates.js';
import { DEFAULT_PARAMS, detect } from './detect.js';
import { simulate } from './simulate.js';

const planets = [
  { periodDays: 4.2, t0Days: 133, radiusRatio: 0.05 },
  { periodDays: 11.3, t0Days: 136.4, radiusRatio: 0.06 },
];
const segments = simulate({ seed: 12, noisePpm: 150, planets });

it('B.15 finds the candidates that the pipeline finds, measured alike', () => {
  const found = findCandidates(segments, DEFAULT_PARAMS);
  const { candidates } = detect(segments, { falseAlarmTrials: 0, sensitivity: 'never' });
  expect(found.length).toBeGreaterThanOrEqual(2);
  expect(found.map(({ signal }) => signal)).toEqual(candidates.map(({ signal }) => signal));
});

it('B.15 leaves no transit of another candidate in the curve of one', () => {
  const [first, second] = findCandidates(segments, DEFAULT_PARAMS);
  for (const [{ curve }, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const { periodDays, t0Days, durationHours } = other.signal;
    const nearest = curve.timeDays.map((time) => {
      const cycles = (time - t0Days) / periodDays;
      return 24 * Math.abs(cycles - Math.round(cycles)) * periodDays;
    });
    expect(nearest.toSorted()[0]).toBeGreaterThan(0.85 * durationHours);
  }
});
