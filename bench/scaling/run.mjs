/**
 * `npm run bench -- scaling`: how time and memory of a search grow with points and with days.
 *
 *   --calls N   timed searches of each size, after two that are not. Default 3
 *
 * Every size runs in a process of its own, so that its peak memory is its own.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { writeResult } from '../results.mjs';
import { costModel } from './model.mjs';
import { showScaling } from './tables.mjs';

const POINTS = [1e3, 1e4, 1e5, 1e6];
const SPANS_DAYS = [10, 27, 90, 365, 1500];
/** From the fastest cadence of TESS to the slowest that still samples a transit. */
const CADENCE_MINUTES = { least: 1 / 3, most: 250 };

export async function scaling(words, say) {
  const { values } = parseArgs({
    args: words,
    options: { calls: { type: 'string', default: '3' } },
  });
  const calls = Number(values.calls);
  if (!(Number.isInteger(calls) && calls >= 1)) {
    throw new RangeError(`--calls must be a whole number from 1, not ${values.calls}`);
  }
  const script = fileURLToPath(new URL('one-size.mjs', import.meta.url));
  const cells = [];
  for (const spanDays of SPANS_DAYS) {
    for (const points of POINTS) {
      const cadence = (spanDays * 1440) / points;
      if (cadence < CADENCE_MINUTES.least * 0.8 || cadence > CADENCE_MINUTES.most) continue;
      const words = [script, String(points), String(spanDays), String(calls)];
      const { stdout } = await promisify(execFile)(process.execPath, words);
      cells.push({ points, spanDays, ...JSON.parse(stdout) });
      say(`${points} points over ${spanDays} d: ${cells.at(-1).seconds.toFixed(3)} s`);
    }
  }
  const result = { calls, cells, model: costModel(cells) };
  process.stdout.write(`${showScaling(result)}\n`);
  await writeResult('scaling', result);
}
