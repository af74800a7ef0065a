/** Entry file of a worker thread: solves one shard of another worker's search. */
import type { ShardRequest } from '#contracts';
import { type Shard, type ShardAnswer, shardSolver } from '#transit';
import { answerToBytes, roundOfBytes, sha256Of } from '../shards/round-bytes.js';
import { threadFunction } from './thread-call.js';
import { isMissing, type ThreadStore } from './thread-store.js';

export interface ShardInput {
  readonly round: ShardRequest['round'];
  readonly shard: Shard;
}

/** The answer; null where the round is over. */
export type ShardOutput = Uint8Array | null;

/** The round that this thread worked on last: the next shard is likely one of it, too. */
let known: { sha256: string; solve: (shard: Shard) => ShardAnswer } | undefined;

export default threadFunction<ShardInput, ShardOutput>(async ({ round, shard }, { store }) => {
  try {
    if (!(await store.head(round.object_key))) {
      known = undefined;
      return null;
    }
    if (known?.sha256 !== round.sha256) {
      const solve = shardSolver(roundOfBytes(await read(store, round)));
      known = { sha256: round.sha256, solve };
    }
    return answerToBytes(known.solve(shard));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
});

/** All bytes of a round, no more than were announced, and the same. */
async function read(store: ThreadStore, round: ShardRequest['round']): Promise<Uint8Array> {
  const { stream } = await store.get(round.object_key);
  const bytes = Buffer.alloc(round.size_bytes);
  let size = 0;
  for await (const chunk of stream) {
    if (size + chunk.length > bytes.length) throw new Error('The round is longer than announced');
    bytes.set(chunk, size);
    size += chunk.length;
  }
  if (sha256Of(bytes) !== round.sha256) throw new Error('The round is not what was announced');
  return bytes;
}
