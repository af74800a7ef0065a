import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../scripts/platform.mjs';
import { lightfold, startTestPlatform, temporaryFolder } from '../support/platform.js';
import { ask, foundTeam, type Json, send, sha256Of, type Team, type UploadFile } from './client.js';
import { phaseDistanceDays } from './ephemeris.js';

const BKJD = 2_454_833;
/** What the simulator is told to hide in the light of one star. */
const PLANETS = [
  { periodDays: 7.31, t0Days: 133.9, radiusRatio: 0.05 },
  { periodDays: 17.87, t0Days: 136.2, radiusRatio: 0.045 },
];
const PLOTS = ['phase', 'bls', 'odd_even', 'secondary', 'light_curve'];
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MIB = 1024 ** 2;

let platform: Platform;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let team: Team;
let files: UploadFile[];
let datasetId: string;
let validation: Json;
let jobId: string;
let results: Json;

/** Calls the simulator; answers what it wrote. */
async function simulated(name: string, ...options: string[]): Promise<UploadFile[]> {
  const paths = await lightfold('simulate', join(folder.path, name), ...options);
  return Promise.all(
    paths.map(async (path) => ({
      filename: path.split('/').at(-1)!,
      bytes: Uint8Array.from(await readFile(path)),
    })),
  );
}

beforeAll(async () => {
  folder = await temporaryFolder();
  platform = await startTestPlatform({
    MULTIPART_THRESHOLD_BYTES: String(6 * MIB),
    MULTIPART_PART_BYTES: String(5 * MIB), // the least that S3 takes
  });
  team = await foundTeam(platform.url);
  const planets = PLANETS.flatMap(({ periodDays, t0Days, radiusRatio }) => [
    '--planet',
    `period=${periodDays},t0=${t0Days},radius=${radiusRatio}`,
  ]);
  const rotation = ['--rotation', 'period=11,amplitude=1500'];
  const star = ['--segments', '2', ...planets, ...rotation, '--target', 'KIC 7', '--seed', '7'];
  files = [
    ...(await simulated('star.fits', ...star)),
    ...(await simulated('quiet.csv', '--seed', '8')).map((file) => ({ ...file, target: 'Quiet' })),
  ];
  ({ dataset_id: datasetId } = await team.upload('Two stars', files));
  validation = await team.validated(datasetId);
  jobId = await team.run(datasetId);
  await team.completed(jobId);
  results = await team.results(jobId);
});

afterAll(async () => {
  await platform?.stop();
  await folder?.remove();
});

describe('what was uploaded', () => {
  it('C.9, C.10, C.12 is read by us: format, star, times, points, checksum', () => {
    expect(validation.status).toBe('valid');
    expect(validation.progress).toBe(100);
    const [q1, q2, quiet] = validation.files;
    expect(q1.summary).toMatchObject({
      format: expect.stringMatching(/fits/i),
      mission: 'Kepler',
      target: 'KIC 7',
    });
    expect(q1.summary.time_start_bjd).toBeGreaterThan(BKJD + 100);
    expect(q2.summary.time_start_bjd).toBeGreaterThan(q1.summary.time_end_bjd);
    expect(q1.summary.cadence_minutes).toBeCloseTo(29.42, 1);
    expect(quiet.target).toBe('Quiet');
    for (const [index, file] of validation.files.entries()) {
      expect(file).toMatchObject({ status: 'valid', sha256: sha256Of(files[index].bytes) });
    }
  });

  it('C.11 completing again gives the same answer and does nothing twice', async () => {
    const first = await team.completeUpload(datasetId);
    expect(await team.completeUpload(datasetId)).toEqual(first);
    const { items } = await team.get(`/api/v1/jobs?dataset_id=${datasetId}&type=validation`);
    expect(items.map((job: Json) => job.job_id)).toEqual([first.job_id]);
  });

  it('C.10 goes up in parts where it is large, and resumes with what is missing', async () => {
    const [large] = await simulated('large.csv', '--cadence', '1', '--seed', '9');
    expect(large.bytes.length).toBeGreaterThan(6 * MIB);
    const started = await team.startUpload('Large', [large]);
    const [target] = started.uploads;
    expect(target).toMatchObject({ method: 'MULTIPART' });
    const begun = await send({ ...target, parts: target.parts.slice(0, 1) }, large.bytes);
    const session = await team.get(`/api/v1/upload/${started.dataset_id}`);
    const [rest] = session.uploads;
    // A store that cannot list its parts (s3rver) gets all of them again.
    expect(rest.parts.map((part: Json) => part.part_number)).toContain(2);
    const ended = await send(rest, large.bytes);
    const again = ended!.parts.map(({ part_number: number }) => number);
    const kept = begun!.parts.filter(({ part_number: number }) => !again.includes(number));
    const parts = [...kept, ...ended!.parts];
    await team.completeUpload(started.dataset_id, [{ file_id: target.file_id, parts }]);
    const report = await team.validated(started.dataset_id);
    expect(report.status).toBe('valid');
    expect(report.files[0].sha256).toBe(sha256Of(large.bytes));
  });

  it('B.3 is listed, and gone once deleted', async () => {
    const id = await team.validDataset('Short-lived', [files[2]]);
    const { items } = await team.get('/api/v1/datasets');
    expect(items.map((each: Json) => each.id)).toEqual(expect.arrayContaining([id, datasetId]));
    expect((await team.ask('DELETE', `/api/v1/datasets/${id}`)).status).toBe(204);
    expect((await team.ask('GET', `/api/v1/datasets/${id}`)).status).toBe(404);
  });
});

describe('what the search found', () => {
  const ofStar = () => results.candidates.filter((each: Json) => each.target === 'KIC 7');

  it('B.6, B.13, B.46 is every planet that was put there, at its period and epoch', () => {
    for (const planet of PLANETS) {
      const found = ofStar().find(
        (each: Json) => Math.abs(each.period_days / planet.periodDays - 1) < 0.001,
      );
      expect(found, `period ${planet.periodDays}`).toBeDefined();
      const offDays = phaseDistanceDays(found.t0_bjd, BKJD + planet.t0Days, planet.periodDays);
      expect(offDays).toBeLessThan(found.duration_hours / 24 / 4);
      expect(found.depth_ppm / 1e6).toBeGreaterThan(0.7 * planet.radiusRatio ** 2);
      expect(found.depth_ppm / 1e6).toBeLessThan(1.5 * planet.radiusRatio ** 2);
    }
  });

  it('B.17 is accepted, with the reasons, and nothing is accepted on the quiet star', () => {
    const accepted = results.candidates.filter((each: Json) => each.rl_action === 'accept');
    expect(accepted.map((each: Json) => each.target)).toEqual(['KIC 7', 'KIC 7']);
    for (const each of accepted) expect(each.reasons.length).toBeGreaterThan(0);
  });

  it('B.14, B.26, B.32 says fit, tests and provenance of each candidate', () => {
    const [best] = ofStar();
    expect(best.fit).toMatchObject({ success: true });
    const tests = best.vetting.map((each: Json) => each.test);
    expect(tests).toEqual(expect.arrayContaining(['odd_even', 'secondary', 'shape']));
    for (const each of best.vetting) {
      expect(['pass', 'warn', 'fail', 'not_computable']).toContain(each.verdict);
      expect(each.message).toMatch(/\.$/);
    }
    const inputs = best.provenance.inputs.map((each: Json) => each.sha256);
    expect(inputs.sort()).toEqual([sha256Of(files[0].bytes), sha256Of(files[1].bytes)].sort());
  });

  it('B.5, B.29, B.31 ends completed, with everything that a job has', async () => {
    expect(await team.status(jobId)).toMatchObject({
      job_id: jobId,
      dataset_id: datasetId,
      type: 'detection',
      status: 'completed',
      progress: 100,
      tasks: { total: 2, completed: 2, failed: 0 },
      params: { min_period_days: 0.5, max_planets: 6 },
    });
    expect(results.targets.map((each: Json) => each.target).sort()).toEqual(['KIC 7', 'Quiet']);
  });

  it.each(PLOTS)('B.18 is drawn: %s, as PNG and as SVG', async (name) => {
    const [{ candidate_id: id }] = ofStar();
    const png = await team.plot(id, `${name}.png`);
    expect(png.headers.get('content-type')).toBe('image/png');
    expect(png.bytes.subarray(0, 8)).toEqual(PNG);
    const svg = await team.plot(id, `${name}.svg`);
    expect(svg.headers.get('content-type')).toBe('image/svg+xml');
    expect(svg.bytes.toString()).toMatch(/^(<\?xml[^>]*>\s*)?<svg[\s>]/);
  });

  it('B.10 links to its plots for 15 minutes, from the object store itself', async () => {
    const [{ plots }] = ofStar();
    expect(Object.keys(plots).sort()).toEqual([...PLOTS].sort());
    const link = new URL(plots.phase);
    expect(link.searchParams.get('X-Amz-Expires')).toBe('900');
    expect(link.origin).not.toBe(platform.url);
    const image = await fetch(link);
    expect(Buffer.from(await image.arrayBuffer()).subarray(0, 8)).toEqual(PNG);
    link.searchParams.set('X-Amz-Signature', '0'.repeat(64));
    expect((await fetch(link)).status).toBe(403);
  });

  it('B.7, B.19 is reported as PDF: a summary, and a page for each target', async () => {
    const { bytes, headers } = await team.report(jobId);
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(bytes.toString('latin1').match(/\/Type \/Page\b(?!s)/g)).toHaveLength(3);
  });

  it('B.6 can be taken away as a table', async () => {
    const answer = await team.ask('GET', `/api/v1/results/${jobId}/candidates.csv`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    const lines = answer.bytes.toString().trim().split(/\r?\n/);
    expect(lines).toHaveLength(results.candidates.length + 1);
  });
});

describe('what a team does with it', () => {
  it('B.8 compares two searches, and both with its reviews', async () => {
    const narrow = await team.run(datasetId, { max_period_days: 10, max_planets: 1 });
    await team.completed(narrow);
    const [inner, outer] = PLANETS.map(({ periodDays }) =>
      results.candidates.find((each: Json) => Math.abs(each.period_days / periodDays - 1) < 0.001),
    );
    for (const { candidate_id: id } of [inner, outer]) {
      await team.post(
        `/api/v1/candidates/${id}/review`,
        { decision: 'planet', note: 'Clear' },
        201,
      );
    }
    const comparison = await team.compare(jobId, narrow);
    expect(comparison.matched.map(({ a }: Json) => a.candidate_id)).toContain(inner.candidate_id);
    expect(comparison.only_a.map((each: Json) => each.candidate_id)).toContain(outer.candidate_id);
    expect(comparison.counts.a).toBe(results.candidates.length);
    expect(comparison.labels.a).toMatchObject({ precision: 1, recall: 1 });
    expect(comparison.labels.b).toMatchObject({ true_positives: 1, recall: 0.5 });
  });

  it('B.4 starts one search, however often the same request comes', async () => {
    const start = () =>
      team.ask('POST', '/api/v1/run', {
        body: { dataset_id: datasetId, params: { max_planets: 1 } },
        headers: { 'idempotency-key': 'the-same' },
      });
    const [first, second] = [await start(), await start()];
    expect(second.body).toEqual(first.body);
    await team.completed(first.body.job_id);
  });

  it('gives the same bytes for the same search', async () => {
    const again = await team.run(datasetId);
    await team.completed(again);
    const { candidates } = await team.results(again);
    const facts = (each: Json) => ({ ...each, candidate_id: 0, plots: 0, reviews: 0 });
    expect(candidates.map(facts)).toEqual(results.candidates.map(facts));
    const pictures = await Promise.all(
      [candidates[0], results.candidates[0]].map((each) =>
        team.plot(each.candidate_id, 'phase.svg'),
      ),
    );
    expect(pictures[0].bytes.equals(pictures[1].bytes)).toBe(true);
  });
});

describe('who works on it', () => {
  it('A.6, A.20 names the workers, their room and the queues', async () => {
    const { workers, queues } = await team.get('/api/v1/workers/status');
    expect(workers).toHaveLength(1);
    expect(workers[0].capacity).toBeGreaterThan(0);
    expect(workers[0].queues).toEqual(expect.arrayContaining(['validation', 'detection']));
    expect(queues.map((queue: Json) => queue.dead)).toEqual(queues.map(() => 0));
  });

  it('A.15, C.14, C.15 says that it is well, and every server under it', async () => {
    const { body } = await ask(platform.url, 'GET', '/health');
    expect(body.status).toBe('ok');
    const states = Object.values<Json>(body.dependencies).map(({ status }) => status);
    expect(new Set(states)).toEqual(new Set(['up']));
    expect((await ask(platform.url, 'GET', '/liveness')).status).toBe(200);
    expect((await ask(platform.url, 'GET', '/readiness')).status).toBe(200);
  });

  it('C.16, C.28, C.31 counts requests and validations', async () => {
    const api = await ask(platform.url, 'GET', '/metrics');
    expect(api.bytes.toString()).toMatch(/^http_requests_total\{.*\} [1-9]/m);
    const worker = await ask(platform.workers[0].url, 'GET', '/metrics');
    expect(worker.bytes.toString()).toMatch(/^validation_duration_seconds_count(\{.*\})? [1-9]/m);
  });

  it('B.45, C.6 can be followed by one request id from the api through the broker to the worker', async () => {
    const requestId = 'followed-from-outside';
    const answered = await fetch(`${platform.url}/api/v1/run`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${team.token}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({ dataset_id: datasetId, params: { max_planets: 1 } }),
    });
    expect(answered.headers.get('x-request-id')).toBe(requestId);
    const { job_id: followed } = (await answered.json()) as Json;
    await team.completed(followed);
    const linesOf = async (logFile: string) =>
      (await readFile(logFile, 'utf8'))
        .split('\n')
        .filter((line) => line.includes(requestId))
        .map((line) => JSON.parse(line) as Json);
    expect(await linesOf(platform.apis[0].logFile)).toContainEqual(
      expect.objectContaining({ app: 'api', route: '/api/v1/run', status: 202 }),
    );
    const atWorker = await linesOf(platform.workers[0].logFile);
    const sentences = atWorker
      .filter(({ jobId: id, taskId }) => id === followed && taskId)
      .map(({ msg }) => msg);
    expect(sentences).toEqual(expect.arrayContaining(['Task began', 'Task ended']));
  });
});
