/** Says which process it is, is sparing, and says what it has become. */
import { writeSync } from 'node:fs';
import { spareMemory } from '../../apps/worker/src/sparing-process.ts';

const say = (facts) => writeSync(1, `${JSON.stringify({ pid: process.pid, ...facts })}\n`);

say({});
spareMemory();
say({
  flags: process.execArgv,
  words: process.argv.slice(2),
  arenas: process.env.MALLOC_ARENA_MAX,
  threshold: process.env.MALLOC_MMAP_THRESHOLD_,
});
