import { z } from 'zod';

/** No more than a helper can be asked to hold in memory. */
export const MOST_ROUND_BYTES = 1024 ** 3;

/**
 * Part of a long search, for whoever has a thread to spare. Nobody need do it, and doing it twice does
 * no harm: see docs/adr/0015.
 */
export const shardRequest = z.strictObject({
  /** Whoever computes otherwise must not answer. */
  engine: z.string().min(1).max(200),
  /** Queue that takes the answer, and what the answer is called there. */
  reply_to: z.string().min(1).max(255),
  correlation_id: z.string().min(1).max(255),
  /** The round's points, for as long as the answer is wanted. */
  round: z.strictObject({
    object_key: z.string().min(1).max(1024),
    size_bytes: z.number().int().positive().max(MOST_ROUND_BYTES),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  shard: z.strictObject({
    band: z.number().int().nonnegative(),
    from: z.number().int().nonnegative(),
    to: z.number().int().nonnegative(),
  }),
  task_id: z.uuid(),
  job_id: z.uuid(),
  team_id: z.uuid(),
});
export type ShardRequest = z.output<typeof shardRequest>;
