import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aCurveCsv } from '../../../test/support/curves.js';
import type { WorkerProcess } from '../../../test/support/worker-process.js';
import { aWorkerWorld, type WorkerWorld } from '../../../test/support/worker-world.js';

const WASP_126 = join(
  process.env.LIGHTFOLD_DATA ?? '../shared/data',
  'lightcurves/tess2018206045859-s0001-0000000025155310-0120-s_lc.fits',
);

let world: WorkerWorld;
let worker: WorkerProcess;

beforeAll(async () => {
  world = await aWorkerWorld();
  worker = await world.startWorker();
});
afterAll(() => world.close());
afterEach(() => {
  expect(worker.errors()).toBe('');
});

const datasetRow = (id: string) =>
  world.database.dataset.findUniqueOrThrow({
    where: { id },
    include: { files: { orderBy: { position: 'asc' } } },
  });
const jobRow = (id: string) => world.database.job.findUniqueOrThrow({ where: { id } });
const untilJob = (id: string, status: string) =>
  expect.poll(async () => (await jobRow(id)).status, { timeout: 45_000 }).toBe(status);

describe('a worker', () => {
  it('C.15 C.16 tells of itself: alive, ready, measured', async () => {
    const get = async (path: string) => {
      const response = await fetch(`${worker.url}${path}`);
      return { status: response.status, text: await response.text() };
    };
    expect(await get('/liveness')).toEqual({ status: 200, text: '{"status":"ok"}' });
    expect(await get('/readiness')).toEqual({ status: 200, text: '{"status":"ok"}' });
    expect((await get('/metrics')).text).toContain('lightfold_broker_connected{app="worker"} 1');
  });

  it('A.20 A.37 is known by its name and what it can do', async () => {
    const rows = await world.database.worker.findMany();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      kind: 'worker',
      queues: ['validation', 'detection', 'prediction', 'training'],
      capacity: 2,
      running: [],
    });
    expect(rows[0].id).toMatch(new RegExp(`-${worker.pid}$`));
  });

  it('C.2 validates the files of a dataset and learns what they are', async () => {
    const { datasetId, jobId } = await world.validate([
      { filename: 'TIC 7.csv', bytes: aCurveCsv() },
    ]);
    await untilJob(jobId, 'completed');
    const dataset = await datasetRow(datasetId);
    expect(dataset.status).toBe('valid');
    expect(dataset.files[0]).toMatchObject({
      status: 'valid',
      target: 'TIC 7',
      sha256: dataset.files[0].announcedSha256,
      summary: { format: 'csv', points: 1296, time_system: 'BTJD' },
    });
    const metrics = await (await fetch(`${worker.url}/metrics`)).text();
    expect(metrics).toMatch(/validation_duration_seconds_count\{app="worker"\} [1-9]/);
  });

  it('finds a dataset invalid when one file is not what was announced', async () => {
    const bytes = aCurveCsv();
    const { datasetId, jobId } = await world.validate([
      { filename: 'good.csv', bytes },
      { filename: 'other.csv', bytes, sha256: 'a'.repeat(64) },
      { filename: 'short.csv', bytes, sizeBytes: bytes.length + 1 },
      { filename: 'noise.csv', bytes: Buffer.from('this is no light curve') },
    ]);
    await untilJob(jobId, 'completed');
    const dataset = await datasetRow(datasetId);
    expect(dataset.status).toBe('invalid');
    const codes = dataset.files.map((file) => [
      file.status,
      (file.issues as { code: string; severity: string }[])
        .filter((issue) => issue.severity === 'error')
        .map((issue) => issue.code),
    ]);
    expect(codes[0]).toEqual(['valid', []]);
    expect(codes[1]).toEqual(['invalid', ['checksum_mismatch']]);
    expect(codes[2]).toEqual(['invalid', ['truncated_file']]);
    expect(codes[3][0]).toBe('invalid');
  });

  it('validates the structure of a table', async () => {
    const { datasetId, jobId } = await world.validate(
      [
        { filename: 'good.csv', bytes: Buffer.from('a,b\n1,2\n3,\n') },
        { filename: 'bad.csv', bytes: Buffer.from('a,b\n1,2\n3,4,5\n') },
      ],
      'table',
    );
    await untilJob(jobId, 'completed');
    const { files } = await datasetRow(datasetId);
    expect(files[0]).toMatchObject({
      status: 'valid',
      summary: { points: 2, usable_points: 1, columns: ['a', 'b'] },
    });
    expect(files[1]).toMatchObject({
      status: 'invalid',
      issues: [{ code: 'wrong_column_count', row: 3 }],
    });
  });

  it('B.4 B.32 searches a target and stores candidates, plots and report', async () => {
    const { datasetId, jobId, fileIds } = await world.validate([
      { filename: 'planet.csv', bytes: aCurveCsv({ depthPpm: 3000 }) },
    ]);
    await untilJob(jobId, 'completed');
    const detection = await world.detect(datasetId, fileIds, { max_planets: 2 });
    await untilJob(detection, 'completed');
    const candidates = await world.database.candidate.findMany({
      where: { jobId: detection },
      orderBy: { rank: 'asc' },
    });
    expect(candidates.length).toBeGreaterThan(0);
    const [first] = candidates;
    expect(first.periodDays).toBeCloseTo(3.1, 2);
    expect(first.target).toBe('Target 1');
    expect(first.provenance).toMatchObject({
      inputs: [{ filename: 'planet.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      params: { max_planets: 2, min_period_days: 0.5 },
      seed: 1,
    });
    const plots = first.plots as Record<string, string>;
    expect(Object.keys(plots).sort()).toEqual([
      'bls',
      'light_curve',
      'odd_even',
      'phase',
      'secondary',
    ]);
    for (const key of Object.values(plots)) {
      expect(await world.store.head(`${key}.svg`)).not.toBeNull();
      expect(await world.store.head(`${key}.png`)).not.toBeNull();
    }
    const task = await world.database.task.findFirstOrThrow({ where: { jobId: detection } });
    const result = task.result as Record<string, unknown>;
    expect(result).toMatchObject({ target: 'Target 1', candidates: candidates.length });
    expect(await world.store.head(String(result.report_key))).not.toBeNull();
    await expect
      .poll(async () => (await jobRow(detection)).reportKey, { timeout: 20_000 })
      .not.toBeNull();
    const { stream } = await world.store.get((await jobRow(detection)).reportKey!);
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(Buffer.concat(chunks).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await world.database.objectDeletion.count()).toBe(0);
  });

  it('searches only what was validated: a URL signed for the upload may still be good', async () => {
    const bytes = aCurveCsv();
    const { datasetId, jobId, fileIds, keys } = await world.validate([
      { filename: 'other.csv', bytes },
      { filename: 'junk.csv', bytes },
    ]);
    await untilJob(jobId, 'completed');
    await world.store.put(keys[0], aCurveCsv({ depthPpm: 3000 }), 'text/csv');
    await world.store.put(keys[1], Buffer.alloc(bytes.length, 7), 'text/csv');
    const detection = await world.detect(datasetId, fileIds);
    await untilJob(detection, 'failed');
    const tasks = await world.database.task.findMany({ where: { jobId: detection } });
    expect(tasks.map(({ status, failure }) => [status, failure])).toEqual(
      tasks.map(() => ['failed', expect.objectContaining({ code: 'file_changed' })]),
    );
    expect(await world.database.candidate.count({ where: { jobId: detection } })).toBe(0);
  });

  it.skipIf(!existsSync(WASP_126))(
    'finds WASP-126 b in what TESS saw (skipped where LIGHTFOLD_DATA has no such file)',
    async () => {
      const { datasetId, jobId, fileIds } = await world.validate([
        { filename: basename(WASP_126), bytes: readFileSync(WASP_126) },
      ]);
      await untilJob(jobId, 'completed');
      const { files } = await datasetRow(datasetId);
      expect(files[0]).toMatchObject({ target: 'TIC 25155310', summary: { mission: 'TESS' } });
      const detection = await world.detect(datasetId, fileIds);
      await untilJob(detection, 'completed');
      const [first] = await world.database.candidate.findMany({
        where: { jobId: detection },
        orderBy: { rank: 'asc' },
      });
      // NASA Exoplanet Archive, TOI-114.01: 3.28879 d, 7006 ppm.
      expect(Math.abs(first.periodDays! / 3.28879 - 1)).toBeLessThan(0.002);
      expect(first.depthPpm).toBeGreaterThan(5000);
      expect(first.depthPpm).toBeLessThan(9000);
    },
  );

  it('carries the ids of a task on every line about it', async () => {
    const ends = worker.lines.filter((line) => line.msg === 'Task ended');
    expect(ends.length).toBeGreaterThan(0);
    for (const line of ends) {
      expect(line).toMatchObject({
        requestId: 'request-1',
        teamId: world.teamId,
        jobId: expect.any(String),
        taskId: expect.any(String),
        attempt: 1,
      });
    }
  });
});
