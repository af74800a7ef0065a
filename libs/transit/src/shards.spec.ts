import { describe, expect, it } from 'vitest';
import { foldRows, LARGEST_LEAF } from '#kernels';
import { divideBls } from './bls-shards.js';
import { bls } from './bls.js';
import { Cells } from './cells.js';
import { shardSolver } from './coarse.js';
import { DEFAULT_PARAMS } from './detect.js';
import { divideFold } from './fold-shards.js';
import { fold, planFold } from './folding.js';
import type { Points } from './points.js';
import { prepare } from './prepare.js';
import { type Random, seededRandom } from './random.js';
import { search } from './search.js';
import type { CoarseRound, Divisible, Helpers, Shard, ShardAnswer } from './shards.js';
import { simulate } from './simulate.js';
import type { DetectionParams } from './types.js';

const SPAN_DAYS = 60;
const LIMITS = {
  minPeriodDays: 0.6,
  maxPeriodDays: SPAN_DAYS / 2,
  density: { solar: 1, isKnown: true, dex: 0.1 },
  shortestDurationDays: 0.06,
  longestDurationDays: 1,
};

/** Dips so deep that how finely they are quantised hangs on the number of rows. */
function cleanDips(): Points {
  const count = SPAN_DAYS * 48;
  const timeDays = Float64Array.from({ length: count }, (_, i) => i / 48);
  const dip = timeDays.map((time) => (time % 4 < 0.125 ? 0.001 : 0));
  return { timeDays, dip, weight: new Float64Array(count).fill(1e9) };
}

/** Cuts anywhere: each shard into up to four. */
const cutAgain = (shards: readonly Shard[], random: Random): Shard[] =>
  shards.flatMap((shard) => {
    const inner = [1, 2, 3].map(
      () => shard.from + Math.floor((shard.to - shard.from) * random.uniform()),
    );
    const edges = [...new Set([shard.from, ...inner, shard.to])].sort((a, b) => a - b);
    return edges.slice(1).map((to, i) => ({ band: shard.band, from: edges[i], to }));
  });

function solveShuffled<Whole>(work: Divisible<Whole>, shards: readonly Shard[], random: Random) {
  const order = shards.map((_, i) => i).sort(() => random.uniform() - 0.5);
  const answers: ShardAnswer[] = [];
  for (const i of order) answers[i] = structuredClone(work.solve(shards[i]));
  return work.merge(shards, answers);
}

describe('a fold in shards', () => {
  const points = cleanDips();
  const plan = planFold(LIMITS, SPAN_DAYS);
  const whole = fold(points, plan);

  it('B.48 is the same to the last bit, however it is cut and in whatever order it is solved', () => {
    const random = seededRandom(48);
    for (const cost of [Infinity, plan.cost / 7, plan.cost / 60]) {
      const shards = divideFold(points, plan).cut(cost);
      expect(solveShuffled(divideFold(points, plan), shards, random)).toEqual(whole);
      const uneven = cutAgain(shards, random);
      expect(uneven.length).toBeGreaterThan(shards.length);
      expect(solveShuffled(divideFold(points, plan), uneven, random)).toEqual(whole);
    }
  });

  it('B.48 is the same with one shard for every base period', () => {
    const work = divideFold(points, plan);
    const shards = work.cut(0);
    expect(shards.every(({ from, to }) => to === from + 1)).toBe(true);
    expect(solveShuffled(work, shards, seededRandom(1))).toEqual(whole);
  });

  it('B.48 has been tried where bands overlap, and where rows are few enough to be leaves', () => {
    const ranges = plan.bands.map(({ firstBase, endBase, stepDays }) => [
      firstBase * stepDays,
      endBase * stepDays,
    ]);
    expect(ranges.some(([from], i) => i > 0 && from < ranges[i - 1][1])).toBe(true);
    const rows = plan.bands.map(({ moments, firstBase }) => foldRows(moments, firstBase));
    expect(Math.min(...rows)).toBeLessThanOrEqual(LARGEST_LEAF);
    expect(Math.max(...rows)).toBeGreaterThan(LARGEST_LEAF);
  });

  it('B.48 keeps the earlier of two rows that are equally strong, in one go and in parts', () => {
    // Base periods 8 and 16 of steps of 1 and 1/2 d: the same period twice.
    const offer = (cells: Cells, stepDays: number, series: number) => {
      const base = 8 / stepDays;
      cells.offer(Int16Array.of(5), 0, 2 * base, base, stepDays, 1, series);
    };
    const parts = [1, 2].map((series) => {
      const cells = new Cells(7, 10, 20);
      offer(cells, series === 1 ? 1 : 0.5, series);
      return cells;
    });
    const inOneGo = new Cells(7, 10, 20);
    offer(inOneGo, 1, 1);
    offer(inOneGo, 0.5, 2);
    const merged = new Cells(7, 10, 20);
    parts.forEach(({ snr, periodDays }, i) => merged.merge(0, snr, periodDays, i + 1));
    expect(merged).toEqual(inOneGo);
    expect(merged.series).toContain(1);
    expect(merged.series).not.toContain(2);
  });

  it('refuses a shard that is no part of it', () => {
    const work = divideFold(points, plan);
    const [{ firstBase, endBase }] = plan.bands;
    for (const shard of [
      { band: 0, from: firstBase - 1, to: endBase },
      { band: 0, from: firstBase, to: endBase + 1 },
      { band: plan.bands.length, from: firstBase, to: endBase },
      { band: -1, from: firstBase, to: endBase },
    ]) {
      expect(() => work.solve(shard)).toThrow(RangeError);
    }
  });
});

describe('a box search in shards', () => {
  const options = {
    periodsDays: Float64Array.from({ length: 700 }, (_, i) => 1 + i / 50),
    durationsDays: [0.06, 0.1, 0.16],
  };
  const whole = bls(cleanDips(), options);

  it('B.48 is the same to the last bit, however it is cut and in whatever order it is solved', () => {
    const random = seededRandom(49);
    const work = divideBls(cleanDips(), options);
    const { snr, durationDays, t0Days } = whole;
    for (const cost of [Infinity, 1e5, 0]) {
      const shards = work.cut(cost);
      expect(solveShuffled(work, shards, random)).toEqual({ snr, durationDays, t0Days });
      const uneven = cutAgain(shards, random);
      expect(solveShuffled(work, uneven, random)).toEqual({ snr, durationDays, t0Days });
    }
  });

  it('refuses a shard that is no part of it', () => {
    const work = divideBls(cleanDips(), options);
    expect(() => work.solve({ band: 0, from: 690, to: 701 })).toThrow(RangeError);
    expect(() => work.solve({ band: 0, from: -1, to: 7 })).toThrow(RangeError);
    expect(() => work.solve({ band: 1, from: 0, to: 7 })).toThrow(RangeError);
  });
});

/** Helpers in this process who take one shard after another from the last one on, and may spoil it. */
class SomeHelpers implements Helpers {
  readonly rounds: CoarseRound[] = [];
  readonly solved: { here: number; byHelpers: number }[] = [];
  private solve: (shard: Shard) => ShardAnswer = () => expect.fail('not asked');
  private shards: readonly Shard[] = [];
  private next = -1;

  constructor(
    private readonly spoil: (answer: ShardAnswer) => readonly unknown[] = (answer) => [answer],
    readonly leastSeconds = 0,
  ) {}

  ask(round: CoarseRound, shards: readonly Shard[]) {
    this.rounds.push(round);
    this.solve = shardSolver(structuredClone(round));
    this.shards = shards;
    this.next = shards.length - 1;
  }

  *answers() {
    if (this.next < 0) return;
    const shard = this.next--;
    for (const answer of this.spoil(this.solve(this.shards[shard]))) yield { shard, answer };
  }

  end(solved: { here: number; byHelpers: number }) {
    this.solved.push(solved);
  }
}

const silent = () => {};

describe.each([
  { method: 'folding', maxPlanets: 2 },
  { method: 'bls', maxPlanets: 1 },
] as const)('a search with helpers ($method)', (some) => {
  const params: DetectionParams = { ...DEFAULT_PARAMS, minPeriodDays: 1, ...some };
  const { detrended: curve } = prepare(
    simulate({
      noisePpm: 300,
      redNoise: { ppm: 150, timescaleDays: 0.3 },
      planets: [{ periodDays: 4.2, t0Days: 133, radiusRatio: 0.05 }],
      seed: 5,
    }),
    params,
  );
  const alone = search(curve, {}, params);

  it('B.48 finds the same to the last bit as one that is alone', () => {
    const helpers = new SomeHelpers();
    expect(search(curve, {}, params, silent, { helpers })).toEqual(alone);
    expect(alone.rounds[0].signal!.periodDays).toBeCloseTo(4.2, 2);
    expect(helpers.solved.length).toBeGreaterThanOrEqual(params.maxPlanets);
    for (const { here, byHelpers } of helpers.solved) {
      expect(here).toBeGreaterThan(0);
      expect(byHelpers).toBeGreaterThan(0);
    }
    // The points of the fold were whitened, which the helpers had to be told.
    expect(helpers.rounds[0].gains === null).toBe(some.method === 'bls');
  });

  it('B.48 believes no answer that cannot be one', () => {
    const helpers = new SomeHelpers(({ first, columns }) => [
      null,
      'a word',
      { first, columns: columns.slice(1) },
      { first, columns: [] },
      { first: -1, columns },
      { first: 1e9, columns },
      { first: first + 0.5, columns },
      { first, columns: columns.map((column) => Array.from(column)) },
      { first, columns: columns.map((column, i) => (i ? column : column.slice(1))) },
      { first, columns: columns.map((column) => column.map(() => NaN)) },
    ]);
    expect(search(curve, {}, params, silent, { helpers })).toEqual(alone);
    expect(helpers.solved.every(({ byHelpers }) => byHelpers === 0)).toBe(true);
  });

  it('B.48 takes the first of several answers to a shard', () => {
    const helpers = new SomeHelpers(({ first, columns }) => [
      { first, columns },
      { first, columns: columns.map((column) => column.map((value) => 2 * value)) },
    ]);
    expect(search(curve, {}, params, silent, { helpers })).toEqual(alone);
    expect(helpers.solved[0].byHelpers).toBeGreaterThan(0);
  });

  it('asks nobody for a search that is soon done', () => {
    const helpers = new SomeHelpers(undefined, 3);
    expect(search(curve, {}, params, silent, { helpers })).toEqual(alone);
    expect(helpers.solved).toEqual([]);
  });

  it('tells the helpers the end also of a round that fails', () => {
    const helpers = new SomeHelpers();
    const stop = () => {
      throw new Error('stopped');
    };
    expect(() => search(curve, {}, params, stop, { helpers })).toThrow('stopped');
    expect(helpers.solved).toHaveLength(1);
  });

  it('tells its progress, which never falls', () => {
    const told: number[] = [];
    search(curve, {}, params, (_, fraction) => told.push(fraction), { helpers: new SomeHelpers() });
    expect(told.length).toBeGreaterThan(3);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });
});
