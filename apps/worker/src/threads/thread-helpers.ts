import type { Helpers } from '#transit';
import { answerOfBytes, roundToBytes } from '../shards/round-bytes.js';
import type { ThreadMessage, ThreadNote } from '../tasks/thread-pool.js';

/**
 * The helpers of a search as its thread sees them: all talk goes through the main thread, which is
 * never busy. Answers are taken from the port when the search asks for them, so that the search need
 * not wait for anything.
 *
 * @param receive the next message of the main thread, if there is one
 */
export function threadHelpers(
  leastSeconds: number,
  note: (note: ThreadNote) => void,
  receive: () => ThreadMessage | undefined,
): Helpers {
  let round = -1;
  return {
    leastSeconds,
    ask(points, shards) {
      round++;
      note({ type: 'round', round, bytes: roundToBytes(points), shards });
    },
    *answers() {
      for (let message = receive(); message; message = receive()) {
        // An answer to the round before may come late.
        if (message.round !== round) continue;
        yield { shard: message.shard, answer: answerOfBytes(message.answer) };
      }
    },
    end(solved) {
      note({ type: 'round_over', ...solved });
    },
  };
}
