/**
 * What a method answered to a curve, kept by workload, method and curve number, so that a changed
 * search is judged again without asking the peers again, and a long run goes on where it stopped.
 * One JSON line an answer, in .lightfold/bench-cache or `BENCH_CACHE`. What took hours to ask lies in
 * answers/ beside this file, compressed, and counts as asked as long as its key still fits.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const KEPT = fileURLToPath(new URL('answers', import.meta.url));
const folder =
  process.env.BENCH_CACHE ??
  fileURLToPath(new URL('../../.lightfold/bench-cache', import.meta.url));

/** @param definition everything that the answers depend on, as JSON */
export function openCache(workload, method, definition = null) {
  const facts = JSON.stringify([workload, definition]);
  const key = createHash('sha256').update(facts).digest('hex').slice(0, 12);
  const file = `${workload.name}.${method}.${key}.jsonl`;
  const path = join(folder, file);
  const kept = join(KEPT, `${file}.gz`);
  const known = new Map();
  const learn = (text) => {
    for (const line of text.split('\n')) {
      if (!line.endsWith('}')) continue; // the last line of a run that was killed
      const { kind, number, ...answer } = JSON.parse(line);
      known.set(`${kind} ${number}`, answer);
    }
  };
  if (existsSync(kept)) learn(gunzipSync(readFileSync(kept)).toString());
  if (existsSync(path)) learn(readFileSync(path, 'utf8'));
  return {
    path,
    find: (kind, number) => known.get(`${kind} ${number}`) ?? null,
    store(kind, number, answer) {
      known.set(`${kind} ${number}`, answer);
      mkdirSync(folder, { recursive: true });
      appendFileSync(path, `${lineOf(kind, number, answer)}\n`);
    },
    /** Writes all that is known to answers/, for whoever comes next. */
    keep() {
      const lines = [...known].map(([name, answer]) => {
        const [kind, number] = name.split(' ');
        return lineOf(kind, Number(number), answer);
      });
      mkdirSync(KEPT, { recursive: true });
      writeFileSync(kept, gzipSync(lines.join('\n'), { level: 9 }));
    },
  };
}

const lineOf = (kind, number, answer) => JSON.stringify({ kind, number, ...answer });
