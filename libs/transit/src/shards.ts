/**
 * One round of a coarse search, cut by period into shards that anybody can solve who has its points:
 * another thread, another machine. Put together they are what one search would have found, to the
 * last bit: a period of the box search depends on no other, and cells of the fold keep the strongest
 * row, the first one where two are equal, which is the same in one go and in parts (`Cells.merge`).
 *
 * Whoever holds the round solves shards from the first on and hands the same shards to helpers, from
 * the last on. All help is welcome and none is needed: what is not answered in time, or not
 * understood, is solved here.
 */
import type { FoldLimits } from './folding.js';

/** Periods `from` ≤ i < `to`: base periods of a band of the fold, or indices of the box search's grid. */
export interface Shard {
  readonly band: number;
  readonly from: number;
  readonly to: number;
}

/** What was found at a shard's periods: columns of equal length, whose first row is row `first`. */
export interface ShardAnswer {
  readonly first: number;
  readonly columns: readonly Float64Array[];
}

/** Work that can be cut by period. */
export interface Divisible<Whole> {
  /** Shards of about `cost`, in the order of their periods. */
  cut(cost: number): Shard[];
  costOf(shard: Shard): number;
  /**
   * `report` gets the finished part of `costOf(shard)`.
   *
   * @throws {RangeError} where the shard is no part of this work.
   */
  solve(shard: Shard, report?: (cost: number) => void): ShardAnswer;
  readonly columns: number;
  /** Whether an answer to the shard may have these rows. */
  fits(shard: Shard, first: number, rows: number): boolean;
  /** @param answers in the order of the shards, which together are all of the work */
  merge(shards: readonly Shard[], answers: readonly ShardAnswer[]): Whole;
}

/** What a helper needs to know of a round: plain data, which can be written to a message. */
export interface CoarseRound {
  readonly method: 'folding' | 'bls';
  readonly limits: FoldLimits;
  readonly spanDays: number;
  /** (N,) */
  readonly timeDays: Float64Array;
  /** (N,) */
  readonly dip: Float64Array;
  /** (N,) */
  readonly weight: Float64Array;
  /** (D,) gain of whitened points at each trial duration; null where the noise is white. */
  readonly gains: readonly number[] | null;
}

/** Others who may solve shards. */
export interface Helpers {
  /** A round that is expected to take less on one core is not divided. */
  readonly leastSeconds: number;
  /** Begins a round. Helpers should begin with the last shard. */
  ask(round: CoarseRound, shards: readonly Shard[]): void;
  /** What they answered since the last call, in any order and not yet believed. */
  answers(): Iterable<{ readonly shard: number; readonly answer: unknown }>;
  /** The round is over, however it ended: no answer is wanted any more. */
  end(solved: { readonly here: number; readonly byHelpers: number }): void;
}

/** Solves a round together with helpers. `report` gets the finished fraction. */
export function solveTogether<Whole>(
  work: Divisible<Whole>,
  round: CoarseRound,
  shardCost: number,
  helpers: Helpers,
  report: (fraction: number) => void = () => {},
): Whole {
  const shards = work.cut(shardCost);
  const costs = shards.map((shard) => work.costOf(shard));
  const cost = costs.reduce((sum, each) => sum + each, 0);
  const answers = new Array<ShardAnswer | undefined>(shards.length).fill(undefined);
  let done = 0;
  let byHelpers = 0;
  let here = 0;
  const collect = () => {
    for (const { shard, answer } of helpers.answers()) {
      if (!(shard in shards) || answers[shard]) continue;
      if (!isAnswer(answer, work.columns)) continue;
      if (!work.fits(shards[shard], answer.first, answer.columns[0].length)) continue;
      answers[shard] = answer;
      done += costs[shard];
      byHelpers++;
    }
  };
  helpers.ask(round, shards);
  try {
    for (let i = 0; i < shards.length; i++) {
      collect();
      report(done / cost);
      if (answers[i]) continue;
      answers[i] = work.solve(shards[i], (part) => report((done + part) / cost));
      done += costs[i];
      here++;
    }
  } finally {
    helpers.end({ here, byHelpers });
  }
  return work.merge(shards, answers as ShardAnswer[]);
}

/** Whether something has the form of an answer; what its numbers say is the helper's word. */
function isAnswer(value: unknown, columns: number): value is ShardAnswer {
  const answer = value as Partial<ShardAnswer> | null;
  if (!Number.isInteger(answer?.first) || !Array.isArray(answer?.columns)) return false;
  const length = (answer.columns[0] as { length?: number } | undefined)?.length;
  return (
    answer.columns.length === columns &&
    answer.columns.every(
      (column: unknown) =>
        column instanceof Float64Array && column.length === length && column.every(Number.isFinite),
    )
  );
}
