/**
 * Watches over a run: when the process that started it is killed without warning, this one ends
 * what it had started. Its standard input is a pipe that only the watched process holds, so the end
 * of the pipe is the end of that process, however it died.
 *
 * Run as: node guardian.mjs DATA_DIR [--remove]
 */
import { rmSync } from 'node:fs';
import { endRecorded, leftovers } from './processes.mjs';

const [dataDir, remove] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.resume();
process.stdin.once('end', async () => {
  await endRecorded(leftovers(dataDir), dataDir).catch(() => {});
  if (remove === '--remove') rmSync(dataDir, { recursive: true, force: true });
  process.exit(0);
});
