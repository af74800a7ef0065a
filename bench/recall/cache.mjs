/**
 * What a method answered to a curve, kept by workload, method and curve number, so that a changed
 * search is judged again without asking the peers again, and a long run goes on where it stopped.
 * One JSON line an answer, in .lightfold/bench-cache or `BENCH_CACHE`.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder =
  process.env.BENCH_CACHE ??
  fileURLToPath(new URL('../../.lightfold/bench-cache', import.meta.url));

/** @param definition everything that the answers depend on, as JSON */
export function openCache(workload, method, definition = null) {
  const facts = JSON.stringify([workload, definition]);
  const key = createHash('sha256').update(facts).digest('hex').slice(0, 12);
  const path = join(folder, `${workload.name}.${method}.${key}.jsonl`);
  const known = new Map();
  if (existsSync(path)) {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (!line.endsWith('}')) continue; // the last line of a run that was killed
      const { kind, number, ...answer } = JSON.parse(line);
      known.set(`${kind} ${number}`, answer);
    }
  }
  return {
    path,
    find: (kind, number) => known.get(`${kind} ${number}`) ?? null,
    store(kind, number, answer) {
      known.set(`${kind} ${number}`, answer);
      mkdirSync(folder, { recursive: true });
      appendFileSync(path, `${JSON.stringify({ kind, number, ...answer })}\n`);
    },
  };
}
