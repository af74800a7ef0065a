/**
 * The memory of a whole worker process, as it is started with default settings, while it works through
 * a queue of both kinds of tasks: datasets are uploaded and validated, then searched, through the API.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerTeam } from '../../scripts/demo/client.mjs';
import { startPlatform } from '../../scripts/platform.mjs';
import { filesOf } from './stars.mjs';

/** Jobs in the queue at once: as many as keep all threads at work. */
const QUEUED = 6;

/**
 * @param threads as many tasks run at once
 * @param stars of which the jobs are taken in turn
 * @returns MiB resident: at the start, the most, and after each round of jobs
 */
export async function measureMemory(threads, stars, rounds, say) {
  const folder = mkdtempSync(join(tmpdir(), 'lightfold-bench-'));
  const env = { WORKER_CONCURRENCY: String(threads), RATE_LIMIT_PER_MINUTE: '100000' };
  const platform = await startPlatform({ durable: false, ownServersOnly: true, env });
  try {
    const client = await registerTeam(platform.url);
    const { pid } = platform.workers[0];
    const idleMib = memoryOf(pid).resident;
    const steadyMib = [];
    let jobs = 0;
    for (let round = 0; round < rounds; round++) {
      const star = stars[round % stars.length];
      const running = [];
      for (let k = 0; k < QUEUED; k++) running.push(oneJob(client, star, jobs++, folder));
      await Promise.all(running);
      const { resident, most } = memoryOf(pid);
      steadyMib.push(resident);
      say(`${jobs} jobs: ${resident.toFixed(0)} MiB, at most ${most.toFixed(0)}`);
    }
    return { threads, jobs, idleMib, peakMib: memoryOf(pid).most, steadyMib };
  } finally {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function oneJob(client, star, number, folder) {
  const paths = filesOf(star, number).map(({ filename, bytes }) => {
    const path = join(folder, filename);
    writeFileSync(path, bytes);
    return path;
  });
  const datasetId = await client.upload(`${star.name} ${number}`, paths, () => {});
  const { status } = await client.untilValidated(datasetId);
  if (status !== 'valid') throw new Error(`Dataset ${number} is ${status}.`);
  const { job_id: jobId } = await client.run(datasetId);
  const job = await client.untilFinished(jobId, () => {});
  if (job.status !== 'completed') throw new Error(`Job ${number}: ${job.message}`);
  await client.report(jobId);
}

/** What the system says of a process, in MiB: Linux only. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024;
  return { resident: mib('VmRSS'), most: mib('VmHWM') };
}
