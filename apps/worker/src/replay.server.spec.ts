/**
 * The same input, parameters, version and seed give the same bytes: from the command, from a worker
 * with one thread, and from one with two beside other work, in whatever order the files came.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJob } from '#platform/jobs';
import { aWorkerWorld, type WorkerWorld } from '../../../test/support/worker-world.js';

const CLI = fileURLToPath(new URL('../../../dist/apps/cli/src/main.js', import.meta.url));
const lightfold = async (...words: string[]) =>
  (await promisify(execFile)(process.execPath, [CLI, ...words], { maxBuffer: 1e9 })).stdout;

/** Name, options of the simulation, parameters of the search: wire names, and the command's. */
const QUIET = ['--mission', 'TESS', '--cadence', '30', '--noise', '400', '--segments', '2'];
const TARGETS = [
  {
    // Nothing is found: it has a map of what could have been.
    name: 'quiet',
    simulated: [...QUIET, '--seed', '5'],
    params: { max_period_days: 8 },
    options: ['--max-period', '8'],
    expected: { candidates: 0, hasMap: true },
  },
  {
    // Noise above a low threshold: its probability of being false is asked of the curve.
    name: 'doubtful',
    simulated: [...QUIET, '--seed', '5'],
    params: { max_period_days: 8, min_snr: 4, max_planets: 1, false_alarm_trials: 5 },
    options: [
      ...['--max-period', '8', '--min-snr', '4', '--max-planets', '1'],
      ...['--false-alarm-trials', '5'],
    ],
    expected: { candidates: 1, hasMap: false },
  },
  {
    name: 'system',
    simulated: [
      ...['--segments', '2', '--noise', '100', '--red-noise', '40', '--seed', '6'],
      ...['--planet', 'period=6.3,radius=0.035', '--planet', 'period=14.9,radius=0.04'],
      ...['--planet', 'period=3.7,radius=0.03'],
    ],
    params: {},
    options: [],
    expected: { candidates: 3, hasMap: false },
  },
];
type Target = (typeof TARGETS)[number];

/** SHA-256 by name of all that a user sees of a target: records, plots, report. */
type Fingerprint = Record<string, string>;
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** A dozen searches and two maps on a machine with other work. */
const PATIENCE_MS = 240_000;

let world: WorkerWorld;
let folder: string;
const files = new Map<string, { filename: string; bytes: Uint8Array }[]>();
const byCommand = new Map<string, Fingerprint>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfold-replay-'));
  world = await aWorkerWorld();
  for (const { name, simulated } of TARGETS) {
    const written = await lightfold(
      'simulate',
      join(folder, `${name}.fits`),
      ...['--target', name, ...simulated],
    );
    const paths = written.trim().split('\n');
    files.set(
      name,
      paths.map((path, i) => ({ filename: `${name}-${i + 1}.fits`, bytes: readFileSync(path) })),
    );
    for (const file of files.get(name)!) writeFileSync(join(folder, file.filename), file.bytes);
  }
  for (const target of TARGETS) byCommand.set(target.name, await withCommand(target));
}, PATIENCE_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const pathsOf = (name: string) => files.get(name)!.map(({ filename }) => join(folder, filename));

async function withCommand({ name, options }: Target, order = pathsOf(name)) {
  const plots = mkdtempSync(join(folder, 'plots-'));
  const report = join(plots, 'report.pdf');
  const json = await lightfold(
    ...['detect', ...order, '--json', '--plots', plots, '--report', report, ...options],
  );
  const { targets, candidates } = JSON.parse(json) as Record<string, object[]>;
  const found: Fingerprint = { results: canonical({ targets, candidates }) };
  writeFileSync(join(folder, `${name}.json`), json);
  for (const file of readdirSync(plots)) {
    found[file.replace(`${name}-`, '')] = sha256(readFileSync(join(plots, file)));
  }
  return found;
}

/** Starts the search of a target with a worker, its files uploaded in this order. */
async function queue({ name, params }: Target, order = files.get(name)!): Promise<string> {
  const { datasetId, jobId, fileIds } = await world.validate(order);
  await until(jobId);
  const detection = await world.database.inTransaction((client) =>
    createJob(client, {
      teamId: world.teamId,
      datasetId,
      type: 'detection',
      params,
      requestId: 'request-1',
      tasks: [{ target: name, payload: { file_ids: fileIds } }],
    }),
  );
  return detection.jobId;
}

const until = (id: string) =>
  expect
    .poll(async () => (await world.database.job.findUniqueOrThrow({ where: { id } })).status, {
      timeout: 120_000,
    })
    .toBe('completed');

/** What a worker stored, as the command writes it: without ids, times and URLs. */
async function stored(jobId: string): Promise<Fingerprint> {
  const task = await world.database.task.findFirstOrThrow({ where: { jobId } });
  const { report_key: report, ...target } = task.result as Record<string, unknown>;
  delete target.report_model_key;
  const rows = await world.database.candidate.findMany({
    where: { jobId },
    orderBy: { rank: 'asc' },
  });
  const candidates = rows.map((row) => ({
    target: row.target,
    rank: row.rank,
    period_days: row.periodDays,
    t0_bjd: row.t0Bjd,
    depth_ppm: row.depthPpm,
    duration_hours: row.durationHours,
    snr: row.snr,
    sde: row.sde,
    probability: row.probability,
    models: row.models,
    rl_action: row.rlAction,
    reasons: row.reasons,
    decided_by: row.decidedBy,
    flags: row.flags,
    fit: row.fit,
    vetting: row.vetting,
    depth_retained: row.depthRetained,
    false_alarm_probability: row.falseAlarmProbability,
    aliases: row.aliases,
    provenance: row.provenance,
  }));
  const targets = [{ ...target, status: 'completed', failure: null }];
  const found: Fingerprint = { results: canonical({ targets, candidates }) };
  const read = async (key: string) => {
    const { stream } = await world.store.get(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return sha256(Buffer.concat(chunks));
  };
  found['report.pdf'] = await read(String(report));
  for (const { rank, plots } of rows) {
    for (const [name, key] of Object.entries(plots as Record<string, string>)) {
      for (const kind of ['svg', 'png']) {
        found[`${rank}-${name}.${kind}`] = await read(`${key}.${kind}`);
      }
    }
  }
  return found;
}

/** PostgreSQL keeps the values of a JSON object, not the order of its names. */
const canonical = (value: unknown) => sha256(JSON.stringify(sorted(value)));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

describe('replay', { timeout: PATIENCE_MS }, () => {
  it.each(TARGETS)('B.46 is about a target like "$name"', ({ name, expected }) => {
    const { targets, candidates } = JSON.parse(
      readFileSync(join(folder, `${name}.json`), 'utf8'),
    ) as {
      targets: { sensitivity: object | null }[];
      candidates: { false_alarm_probability: number | null }[];
    };
    expect(candidates).toHaveLength(expected.candidates);
    expect(targets[0].sensitivity !== null).toBe(expected.hasMap);
    if (name === 'doubtful') expect(candidates[0].false_alarm_probability).toBeGreaterThan(0);
    const plots = Object.keys(byCommand.get(name)!).filter((key) => /\.(png|svg)$/.test(key));
    expect(plots).toHaveLength(10 * expected.candidates);
  });

  it('B.46 a worker with one thread stores the bytes that the command writes', async () => {
    const worker = await world.startWorker({ WORKER_CONCURRENCY: '1' });
    for (const target of TARGETS) {
      const job = await queue(target);
      await until(job);
      expect(await stored(job), target.name).toEqual(byCommand.get(target.name));
    }
    worker.signal('SIGTERM');
    await worker.ended;
  });

  it('B.46 so does one with two threads, whatever runs beside and in what order files came', async () => {
    const worker = await world.startWorker({ WORKER_CONCURRENCY: '2' });
    const jobs = await Promise.all(
      [...TARGETS, ...TARGETS].map((target, i) => {
        const order = files.get(target.name)!;
        return queue(target, i < TARGETS.length ? order : [...order].reverse());
      }),
    );
    for (const [i, job] of jobs.entries()) {
      await until(job);
      const { name } = TARGETS[i % TARGETS.length];
      expect(await stored(job), name).toEqual(byCommand.get(name));
    }
    worker.signal('SIGTERM');
    await worker.ended;
  });

  it('B.46 the command writes the same bytes again, also of files in another order', async () => {
    for (const target of TARGETS) {
      const again = await withCommand(target, pathsOf(target.name).reverse());
      expect(again, target.name).toEqual(byCommand.get(target.name));
    }
  });
});
