import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PARAMS, findCandidates, VIEW_FEATURES } from '#transit';
import { examplesOf } from './examples.mjs';
import { openGraph } from './graph.mjs';
import * as measures from './measures.mjs';
import { starOf } from './stars.mjs';

const graphFile = new URL('../../models/transit-cnn/v1.0.0/views.onnx', import.meta.url);
/** Of none of the sets that the model was made with. */
const SEED = 200;
const STARS = 130;

describe('transit-cnn on stars that it never saw', () => {
  let rows;

  beforeAll(async () => {
    const examples = [];
    for (let number = 0; number < STARS; number++) examples.push(...examplesOf(SEED, number));
    const features = new Float32Array(examples.length * VIEW_FEATURES);
    examples.forEach((example, i) => features.set(example.features, i * VIEW_FEATURES));
    const graph = await openGraph(readFileSync(graphFile));
    const { probabilities, embeddings } = await graph(features);
    rows = examples.map((example, i) => ({
      ...example,
      isPlanet: example.label === 'planet',
      probability: probabilities[2 * i],
      embedding: embeddings.slice(128 * i, 128 * (i + 1)),
    }));
  }, 120_000);

  it('B.16 tells planets from what is found instead of them', () => {
    expect(rows.filter(({ isPlanet }) => isPlanet).length).toBeGreaterThan(40);
    expect(rows.filter(({ isPlanet }) => !isPlanet).length).toBeGreaterThan(60);
    // 0.988 on the test set; of so few the error is 0.008, three of which are allowed
    expect(measures.auc(rows)).toBeGreaterThan(0.964);
  });

  it('B.15 places candidates of one kind closer to each other than to others, on the unit sphere', () => {
    const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);
    const sums = { same: [0, 0], other: [0, 0] };
    for (let i = 0; i < rows.length; i++) {
      expect(dot(rows[i].embedding, rows[i].embedding)).toBeCloseTo(1, 5);
      for (let j = 0; j < i; j++) {
        const sum = sums[rows[i].kind === rows[j].kind ? 'same' : 'other'];
        sum[0] += dot(rows[i].embedding, rows[j].embedding);
        sum[1]++;
      }
    }
    expect(sums.same[0] / sums.same[1]).toBeGreaterThan(sums.other[0] / sums.other[1] + 0.2);
  });
});

describe('the simulated stars', () => {
  it('B.16 gives the same bytes for the same seed and number, and others for others', () => {
    const [one, again, other] = [starOf(SEED, 3), starOf(SEED, 3), starOf(SEED + 1, 3)];
    expect(again).toEqual(one);
    expect(other.segments[0].flux).not.toEqual(one.segments[0].flux);
  });

  it('B.16 calls a planet only what was injected', () => {
    let planets = 0;
    for (let number = 0; number < 25; number++) {
      const star = starOf(SEED, number);
      const examples = examplesOf(SEED, number).filter(({ label }) => label === 'planet');
      planets += examples.length;
      for (const { periodDays } of examples) {
        expect(star.kind).toBe('planet');
        const injected = star.planets.map((planet) => planet.periodDays);
        const nearest = injected.map((period) => Math.abs(periodDays / period - 1));
        expect(periodDays === null || Math.min(...nearest) < 0.01).toBe(true);
      }
    }
    expect(planets).toBeGreaterThan(5);
  });

  it('B.16 finds in a star what the pipeline finds in it', () => {
    const number = [...Array(40).keys()].find((k) => starOf(SEED, k).kind === 'planet');
    const [{ signal }] = findCandidates(starOf(SEED, number).segments, DEFAULT_PARAMS);
    const [example] = examplesOf(SEED, number);
    expect(example.periodDays).toBe(signal.periodDays);
    expect(example.snr).toBe(signal.snr);
  });
});

describe('the measures', () => {
  const row = (isPlanet, probability, star = 0) => ({ isPlanet, probability, star });

  it('E.14 counts pairs in order as the area under the curve, and ties as half', () => {
    expect(measures.auc([row(true, 0.9), row(false, 0.1)])).toBe(1);
    expect(measures.auc([row(true, 0.1), row(false, 0.9)])).toBe(0);
    const rows = [row(true, 0.8), row(true, 0.4), row(false, 0.4), row(false, 0.2)];
    expect(measures.auc(rows)).toBe(0.875);
  });

  it('E.14 measures precision and recall at a threshold, and the recall at a precision', () => {
    const rows = [row(true, 0.9), row(false, 0.8), row(true, 0.7), row(false, 0.2)];
    const { accuracy, precision, recall } = measures.atThreshold(rows, 0.5);
    expect([accuracy, precision, recall]).toEqual([0.75, 2 / 3, 1]);
    expect(measures.recallAtPrecision(rows, 1)).toBe(0.5);
    expect(measures.averagePrecision(rows)).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12);
  });

  it('E.14 finds the temperature by which overconfident probabilities were sharpened', () => {
    // Of 1,000 rows of odds 4 a fifth are no planets; the model says odds 16, the square.
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      isPlanet: i % 5 > 0,
      probability: 16 / 17,
      other: 1 / 17,
    }));
    expect(measures.bestTemperature(rows)).toBeCloseTo(2, 3);
    expect(measures.atTemperature(16 / 17, 1 / 17, 2)).toBeCloseTo(0.8, 12);
  });

  it('E.14 gives an interval that holds the whole truth of few rows', () => {
    expect(measures.shareInterval(0, 10)[0]).toBe(0);
    expect(measures.shareInterval(0, 10)[1]).toBeCloseTo(0.278, 3); // Wilson 1927
  });
});
