/**
 * `npm run bench -- split`: a long search on one worker and divided between two, on the whole
 * platform: api, object store, broker, worker processes with one thread each.
 *
 *   --rounds N   interleaved runs of each setup. Default 3
 *
 * The time is what the worker says its stage "search" took.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { registerTeam } from '../../scripts/demo/client.mjs';
import { startPlatform } from '../../scripts/platform.mjs';
import { writeResult } from '../results.mjs';
import { median, ratioOfRounds } from '../statistics.mjs';
import { showSplit } from './tables.mjs';

const PARAMS = {
  method: 'bls',
  max_planets: 1,
  min_snr: 100,
  false_alarm_trials: 0,
  sensitivity: 'never',
};
const SEARCHES = [
  { name: 'one quarter', quarters: 1 },
  { name: 'four quarters', quarters: 4 },
];
/** Where it splits at all, every search of this bench is long enough. */
const SETUPS = [
  { name: 'whole', workers: 1, splitSeconds: '0' },
  { name: 'alone', workers: 1, splitSeconds: '0.1' },
  { name: 'divided', workers: 2, splitSeconds: '0.1' },
];

export async function split(words, say) {
  const { values } = parseArgs({
    args: words,
    options: { rounds: { type: 'string', default: '3' } },
  });
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds >= 1)) {
    throw new RangeError(`--rounds must be a whole number from 1, not ${values.rounds}`);
  }
  const platform = await startPlatform({ workers: 0, durable: false, ownServersOnly: true });
  try {
    const client = await registerTeam(platform.url);
    const searches = [];
    for (const { name, quarters } of SEARCHES) {
      const curve = await upload(client, platform, quarters);
      const runs = Object.fromEntries(SETUPS.map((setup) => [setup.name, []]));
      for (let round = 0; round < rounds; round++) {
        for (const setup of SETUPS) {
          const run = await runOnce(client, platform, curve.datasetId, setup);
          runs[setup.name].push(run);
          say(
            `${name}, ${setup.name}: ${run.seconds.toFixed(2)} s, ${run.byHelpers} shards by helpers`,
          );
        }
      }
      searches.push({ name, points: curve.points, runs });
    }
    const load = loadavg()
      .slice(1)
      .map((value) => Number(value.toFixed(1)));
    const result = { rounds, load, searches: searches.map(summary) };
    process.stdout.write(`${showSplit(result)}\n`);
    await writeResult('split', result);
  } finally {
    await platform.stop();
  }
}

function summary({ runs, ...search }) {
  const digests = new Set(Object.values(runs).flatMap((each) => each.map(({ digest }) => digest)));
  if (digests.size !== 1) throw new Error(`${search.name}: the results are not the same`);
  const seconds = (setup) => runs[setup].map((run) => run.seconds);
  return {
    ...search,
    seconds: Object.fromEntries(SETUPS.map(({ name }) => [name, median(seconds(name))])),
    speedup: ratioOfRounds(seconds('whole'), seconds('divided')),
    overhead: ratioOfRounds(seconds('alone'), seconds('whole')),
    shards: runs.divided.map(({ byOwner, byHelpers }) => ({ byOwner, byHelpers })),
  };
}

/** One search by workers that are there for it alone, after one that is not measured. */
async function runOnce(client, platform, datasetId, { name, workers: count, splitSeconds }) {
  const workers = await startWorkers(platform, count, { SEARCH_SPLIT_SECONDS: splitSeconds });
  const total = async (key) => {
    const all = await Promise.all(workers.map(({ port }) => counters(port)));
    return all.reduce((sum, each) => sum + each[key], 0);
  };
  const search = async () => {
    const { job_id: jobId } = await client.call('POST', '/api/v1/run', {
      dataset_id: datasetId,
      params: PARAMS,
    });
    const job = await client.untilFinished(jobId, () => {});
    if (job.status !== 'completed') throw new Error(`${name}: the job ${job.status}`);
    const [seconds, byOwner, byHelpers] = await Promise.all(
      ['seconds', 'byOwner', 'byHelpers'].map(total),
    );
    return { seconds, byOwner, byHelpers, digest: await digestOf(client, jobId) };
  };
  try {
    const first = await search();
    const second = await search();
    return {
      seconds: second.seconds - first.seconds,
      byOwner: second.byOwner - first.byOwner,
      byHelpers: second.byHelpers - first.byHelpers,
      digest: second.digest,
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

const startWorkers = (platform, count, settings) =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      platform.addWorker({ WORKER_NAME: `bench-${i}`, WORKER_CONCURRENCY: '1', ...settings }),
    ),
  );

async function counters(port) {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const value = (name, label) =>
    page
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && line.includes(`="${label}"`))
      .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  return {
    seconds: value('lightfold_stage_duration_seconds_sum', 'search'),
    byOwner: value('lightfold_search_shards_total', 'owner'),
    byHelpers: value('lightfold_search_shards_total', 'helper'),
  };
}

/** Of the candidates, without what names the job. */
async function digestOf(client, jobId) {
  const { candidates } = await client.results(jobId);
  const found = candidates.map(({ period_days, t0_bjd, snr, sde }) => ({
    period_days,
    t0_bjd,
    snr,
    sde,
  }));
  return createHash('sha256').update(JSON.stringify(found)).digest('hex');
}

/** A quiet star with one planet, as a client would send it. */
async function upload(client, platform, quarters) {
  const { simulate } = await import('#transit');
  const segments = simulate({
    segments: Array.from({ length: quarters }, (_, i) => i + 1),
    noisePpm: 200,
    planets: [{ periodDays: 7.3, t0Days: 133, radiusRatio: 0.05 }],
  });
  const rows = segments.flatMap(({ timeDays, flux }) =>
    Array.from(timeDays, (time, i) => `${time},${flux[i]},0.0002`),
  );
  const path = join(platform.dataDir, `${quarters}-quarters.csv`);
  writeFileSync(path, `time,flux,flux_err\n${rows.join('\n')}\n`);
  const datasetId = await client.upload('Split', [path], () => {});
  const [worker] = await startWorkers(platform, 1, {});
  const { status } = await client.untilValidated(datasetId);
  await worker.stop();
  if (status !== 'valid') throw new Error(`The curve of ${quarters} quarters is ${status}`);
  return { datasetId, points: rows.length };
}
