import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '#platform/storage';
import {
  aLoggedInMember,
  aLoggedInTeam,
  type Answer,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { countMessages } from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

const MIB = 1024 ** 2;
const FITS = 'SIMPLE  =                    T';

describe('an upload', () => {
  let api: TestApi;
  let team: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule, {
      MULTIPART_THRESHOLD_BYTES: String(6 * MIB),
      MULTIPART_PART_BYTES: String(5 * MIB),
      UPLOAD_MAX_BYTES: String(20 * MIB),
      UPLOAD_MAX_FILES: '5',
      TEAM_QUOTA_BYTES: String(100 * MIB),
    });
    team = await aLoggedInTeam(api);
  });
  afterAll(() => api.close());

  const aFile = (fields: object = {}) => ({
    filename: 'a.fits',
    size_bytes: FITS.length,
    ...fields,
  });
  const start = (client: Client, files: object[] = [aFile()]) =>
    client.post('/api/v1/upload/start', { name: 'Sector 1', kind: 'light_curve', files });
  const complete = (client: Client, datasetId: string, files?: object[]) =>
    client.post('/api/v1/upload/complete', { dataset_id: datasetId, files });
  const usedBytes = async (client: Client) => (await client.get('/api/v1/storage')).body.used_bytes;

  it('C.9 answers a signed PUT for each file, in their order', async () => {
    const { status, body } = await start(team, [
      aFile({ content_type: 'application/fits', sha256: 'a'.repeat(64), target: 'KIC 1' }),
      aFile({ filename: 'b.csv' }),
    ]);
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['dataset_id', 'expires_at', 'uploads']);
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now() + 86_000_000);
    expect(body.uploads).toEqual([
      {
        file_id: expect.any(String),
        filename: 'a.fits',
        method: 'PUT',
        url: expect.stringContaining(
          `/teams/${team.teamId}/datasets/${body.dataset_id}/${body.uploads[0].file_id}?`,
        ),
        headers: { 'Content-Type': 'application/fits', 'Content-Length': '30' },
      },
      {
        file_id: expect.any(String),
        filename: 'b.csv',
        method: 'PUT',
        url: expect.any(String),
        headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': '30' },
      },
    ]);
    const rows = await api.database.datasetFile.findMany({
      where: { datasetId: body.dataset_id },
      orderBy: { position: 'asc' },
    });
    expect(rows.map((row) => [row.target, row.announcedSha256, row.status])).toEqual([
      ['KIC 1', 'a'.repeat(64), 'pending_upload'],
      [null, null, 'pending_upload'],
    ]);
  });

  it('signs no URL that outlives the upload', async () => {
    const files = [aFile(), aFile({ filename: 'b.fits', size_bytes: 7 * MIB })];
    const { body } = await start(team, files);
    const lives = (uploads: { url?: string; parts?: { url: string }[] }[]) =>
      uploads
        .flatMap(({ url, parts }) => url ?? parts!.map((part) => part.url))
        .map((url) => Number(new URL(url).searchParams.get('X-Amz-Expires')));
    expect(lives(body.uploads)).toEqual([3600, 3600, 3600]);
    await api.database.dataset.update({
      where: { id: body.dataset_id },
      data: { expiresAt: new Date(Date.now() + 100_000) },
    });
    const resumed = await team.get(`/api/v1/upload/${body.dataset_id}`);
    expect(lives(resumed.body.uploads)).toHaveLength(3);
    expect(Math.max(...lives(resumed.body.uploads))).toBeLessThanOrEqual(100);
  });

  it('C.10 C.11 is complete when its files are there, and queues their validation', async () => {
    const { body } = await start(team, [aFile(), aFile({ filename: 'b.fits' })]);
    for (const upload of body.uploads) await put(upload, FITS);
    const completed = await complete(team, body.dataset_id);
    expect(completed.status).toBe(202);
    expect(completed.body).toEqual({
      dataset_id: body.dataset_id,
      status: 'validating',
      job_id: expect.any(String),
    });

    const dataset = await api.database.dataset.findUniqueOrThrow({
      where: { id: body.dataset_id },
      include: { files: { orderBy: { position: 'asc' } } },
    });
    expect(dataset).toMatchObject({
      status: 'validating',
      expiresAt: null,
      validationJobId: completed.body.job_id,
    });
    expect(dataset.files.map((file) => [file.status, file.etag?.length])).toEqual([
      ['uploaded', 32],
      ['uploaded', 32],
    ]);
    const job = await api.database.job.findUniqueOrThrow({
      where: { id: completed.body.job_id },
      include: { tasks: true },
    });
    expect(job).toMatchObject({
      type: 'validation',
      status: 'queued',
      tasksTotal: 2,
      datasetId: body.dataset_id,
      teamId: team.teamId,
      requestId: completed.headers.get('x-request-id'),
    });
    const byName = (a: { target: string }, b: { target: string }) =>
      a.target.localeCompare(b.target);
    expect(
      job.tasks.toSorted(byName).map((task) => ({ target: task.target, payload: task.payload })),
    ).toEqual([
      { target: 'a.fits', payload: { file_id: dataset.files[0].id } },
      { target: 'b.fits', payload: { file_id: dataset.files[1].id } },
    ]);
    const ids = job.tasks.map(({ id }) => id);
    expect(await countMessages(api.database, ids, 'validation')).toBe(2);
  });

  it('C.11 says which files are missing or have another size, and can then be mended', async () => {
    const { body } = await start(team, [
      aFile(),
      aFile({ filename: 'b.fits' }),
      aFile({ filename: 'c.fits' }),
    ]);
    await put(body.uploads[0], FITS);
    await api.app.get(ObjectStore).put(keyOf(body.uploads[1]), bytesOf('short'), 'text/plain');
    const incomplete = await complete(team, body.dataset_id);
    expect(incomplete.status).toBe(409);
    expect(incomplete.body).toEqual({
      type: '/problems/upload-incomplete',
      title: 'Upload is not complete',
      status: 409,
      detail: '2 file(s) are missing or have another size than announced.',
      instance: '/api/v1/upload/complete',
      missing_keys: ['b.fits', 'c.fits'],
      missing_files: [
        {
          file_id: body.uploads[1].file_id,
          filename: 'b.fits',
          announced_bytes: 30,
          found_bytes: 5,
        },
        {
          file_id: body.uploads[2].file_id,
          filename: 'c.fits',
          announced_bytes: 30,
          found_bytes: null,
        },
      ],
    });
    expect(await api.database.job.count({ where: { datasetId: body.dataset_id } })).toBe(0);
    await put(body.uploads[1], FITS);
    await put(body.uploads[2], FITS);
    expect((await complete(team, body.dataset_id)).status).toBe(202);
  });

  it('C.11 completed twice, also at once, is completed once', async () => {
    const { body } = await start(team);
    await put(body.uploads[0], FITS);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => complete(team, body.dataset_id)),
    );
    answers.push(await complete(team, body.dataset_id));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await api.database.job.count({ where: { datasetId: body.dataset_id } })).toBe(1);
    expect(await api.database.task.count({ where: { jobId: answers[0].body.job_id } })).toBe(1);
  });

  it('C.11 is completed once, however many processes decide it at once', async () => {
    const { body } = await start(team);
    await put(body.uploads[0], FITS);
    const { UploadsRepository } = await import('./uploads.repository.js');
    const repository = api.app.get(UploadsRepository);
    const arrived = [{ id: body.uploads[0].file_id, etag: 'a'.repeat(32) }];
    const completions = await Promise.all(
      Array.from({ length: 6 }, () =>
        repository.complete({ datasetId: body.dataset_id, teamId: team.teamId }, arrived, null),
      ),
    );
    expect(completions.filter(({ outcome }) => outcome === 'begun')).toHaveLength(1);
    expect(completions.filter(({ outcome }) => outcome === 'had-begun')).toHaveLength(5);
    expect(await api.database.job.count({ where: { datasetId: body.dataset_id } })).toBe(1);
  });

  describe('of a large file', () => {
    const large = aFile({ filename: 'large.fits', size_bytes: 11 * MIB });
    const sizes = [5 * MIB, 5 * MIB, MIB];

    it('C.10 goes in parts, and is put together when complete', async () => {
      const { body } = await start(team, [large, aFile()]);
      const [upload, small] = body.uploads;
      expect(upload).toMatchObject({ method: 'MULTIPART', part_size_bytes: 5 * MIB });
      expect(upload.parts.map((part: { part_number: number }) => part.part_number)).toEqual([
        1, 2, 3,
      ]);
      expect(small.method).toBe('PUT');
      const parts = await putParts(upload, sizes);
      await put(small, FITS);
      const files = [{ file_id: upload.file_id, parts }];
      const completed = await complete(team, body.dataset_id, files);
      expect(completed.status).toBe(202);
      expect((await complete(team, body.dataset_id, files)).body).toEqual(completed.body);
      expect(await api.app.get(ObjectStore).head(keyOf(upload))).toMatchObject({
        sizeBytes: 11 * MIB,
      });
    });

    it('C.10 is not put together while a part is missing, and is resumed with what is', async () => {
      const { body } = await start(team, [large]);
      const [upload] = body.uploads;
      const first = await putParts({ parts: upload.parts.slice(0, 2) }, sizes);
      const incomplete = await complete(team, body.dataset_id, [
        { file_id: upload.file_id, parts: first },
      ]);
      expect(incomplete.status).toBe(409);
      expect(incomplete.body.missing_keys).toEqual(['large.fits']);

      const resumed = await team.get(`/api/v1/upload/${body.dataset_id}`);
      const missing = resumed.body.uploads[0];
      expect(missing.parts.at(-1).part_number).toBe(3);
      const last = await putParts(missing, sizes);
      const files = [{ file_id: upload.file_id, parts: last }];
      expect((await complete(team, body.dataset_id, files)).status).toBe(202);
    });

    it('can be completed twice at once', async () => {
      const { body } = await start(team, [large]);
      const parts = await putParts(body.uploads[0], sizes);
      const files = [{ file_id: body.uploads[0].file_id, parts }];
      const answers = await Promise.all(
        [1, 2, 3].map(() => complete(team, body.dataset_id, files)),
      );
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
      expect(await api.database.job.count({ where: { datasetId: body.dataset_id } })).toBe(1);
    });

    it('that became something else can be sent anew', async () => {
      const { body } = await start(team, [large]);
      const store = api.app.get(ObjectStore);
      await store.put(keyOf(body.uploads[0]), bytesOf('not that'), 'text/plain');
      const resumed = await team.get(`/api/v1/upload/${body.dataset_id}`);
      const [upload] = resumed.body.uploads;
      expect(upload.parts).toHaveLength(3);
      const parts = await putParts(upload, sizes);
      const files = [{ file_id: upload.file_id, parts }];
      expect((await complete(team, body.dataset_id, files)).status).toBe(202);
    });

    it('refuses parts of a file that is not in the dataset', async () => {
      const { body } = await start(team, [large]);
      const parts = [{ part_number: 1, etag: 'a' }];
      const answer = await complete(team, body.dataset_id, [{ file_id: randomUUID(), parts }]);
      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].pointer).toBe('#/files/0/file_id');
    });
  });

  it('C.10 is resumed: what arrived, and fresh URLs for the rest', async () => {
    const { body } = await start(team, [aFile(), aFile({ filename: 'b.fits' })]);
    await put(body.uploads[0], FITS);
    const resumed = await team.get(`/api/v1/upload/${body.dataset_id}`);
    expect(resumed.status).toBe(200);
    expect(resumed.body).toEqual({
      dataset_id: body.dataset_id,
      status: 'pending_upload',
      expires_at: body.expires_at,
      arrived: [{ file_id: body.uploads[0].file_id, filename: 'a.fits', size_bytes: 30 }],
      uploads: [{ ...body.uploads[1], url: expect.any(String) }],
    });
    await put(resumed.body.uploads[0], FITS);
    expect((await complete(team, body.dataset_id)).status).toBe(202);
    const after = await team.get(`/api/v1/upload/${body.dataset_id}`);
    expect(after.body).toMatchObject({ status: 'validating', expires_at: null, uploads: [] });
    expect(after.body.arrived).toHaveLength(2);
  });

  it('C.9 that was not completed in time is gone', async () => {
    const { body } = await start(team);
    await put(body.uploads[0], FITS);
    await api.database.dataset.update({
      where: { id: body.dataset_id },
      data: { expiresAt: new Date(Date.now() - 1000) },
    });
    for (const answer of [
      await complete(team, body.dataset_id),
      await team.get(`/api/v1/upload/${body.dataset_id}`),
    ]) {
      expect(answer.status).toBe(410);
      expect(answer.body.type).toBe('/problems/upload-expired');
    }
  });

  describe('and the quota of a team', () => {
    it('C.9 holds, whatever is started at the same time', async () => {
      const owner = await aLoggedInTeam(api);
      const nineMib = [
        aFile({ size_bytes: 5 * MIB }),
        aFile({ filename: 'b', size_bytes: 4 * MIB }),
      ];
      const answers = await Promise.all(Array.from({ length: 20 }, () => start(owner, nineMib)));
      const started = answers.filter(({ status }) => status === 201);
      const refused = answers.filter(({ status }) => status === 409);
      expect([started.length, refused.length]).toEqual([11, 9]);
      expect(refused[0].body).toMatchObject({
        type: '/problems/quota-exceeded',
        needed_bytes: 9 * MIB,
        quota_bytes: 100 * MIB,
      });
      expect(await usedBytes(owner)).toBe(99 * MIB);
      expect(await api.database.dataset.count({ where: { teamId: owner.teamId } })).toBe(11);
    });

    it('is given back when the upload could not be begun', async () => {
      const owner = await aLoggedInTeam(api);
      const store = api.app.get(ObjectStore);
      const { createMultipart } = store;
      const { StorageUnavailableError } = await import('#platform/storage');
      store.createMultipart = () => Promise.reject(new StorageUnavailableError('be reached'));
      const answer = await start(owner, [aFile({ size_bytes: 11 * MIB })]);
      store.createMultipart = createMultipart;
      expect(answer.status).toBe(503);
      expect(answer.body.type).toBe('/problems/storage-unavailable');
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(await usedBytes(owner)).toBe(0);
      expect(await api.database.dataset.count({ where: { teamId: owner.teamId } })).toBe(0);
    });
  });

  it.each<[string, object, string[]]>([
    ['no files', { files: [] }, ['#/files']],
    [
      'too many files',
      { files: [1, 2, 3, 4, 5, 6].map((n) => aFile({ filename: `${n}` })) },
      ['#/files'],
    ],
    ['a path for a name', { files: [aFile({ filename: '../a' })] }, ['#/files/0/filename']],
    ['a name twice', { files: [aFile(), aFile()] }, ['#/files/1/filename']],
    ['an empty file', { files: [aFile({ size_bytes: 0 })] }, ['#/files/0/size_bytes']],
    [
      'a file that is too large',
      { files: [aFile({ size_bytes: 21 * MIB })] },
      ['#/files/0/size_bytes'],
    ],
    ['a size in words', { files: [aFile({ size_bytes: 'many' })] }, ['#/files/0/size_bytes']],
    ['a bad checksum', { files: [aFile({ sha256: 'ABC' })] }, ['#/files/0/sha256']],
    [
      'a header for a type',
      { files: [aFile({ content_type: 'a/b\r\nX-A: b' })] },
      ['#/files/0/content_type'],
    ],
    ['a misspelt field', { files: [aFile()], nane: 'x' }, ['#/nane']],
    ['an unknown kind', { files: [aFile()], kind: 'image' }, ['#/kind']],
  ])('B.38 refuses %s, and names the field', async (_, fields, pointers) => {
    const body = { name: 'x', kind: 'light_curve', ...fields };
    const answer = await team.post('/api/v1/upload/start', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(pointers);
  });

  it('is not begun or completed by a reviewer, nor by nobody', async () => {
    const reviewer = await aLoggedInMember(api, team, 'reviewer');
    expect((await start(reviewer)).status).toBe(403);
    const nobody = await call(api, 'POST', '/api/v1/upload/start', { body: {} });
    expect(nobody.status).toBe(401);
  });

  it('of another team is not found', async () => {
    const stranger = await aLoggedInTeam(api);
    const { body } = await start(team);
    expect((await complete(stranger, body.dataset_id)).status).toBe(404);
    expect((await stranger.get(`/api/v1/upload/${body.dataset_id}`)).status).toBe(404);
  });

  it('C.32 C.33 C.34 is counted', async () => {
    const { body } = await start(team, [aFile(), aFile({ filename: 'b.fits' })]);
    for (const upload of body.uploads) await put(upload, FITS);
    const before = await metricsOf(api);
    await complete(team, body.dataset_id);
    await complete(team, body.dataset_id);
    const after = await metricsOf(api);
    const change = (name: string) => after(name) - before(name);
    expect(change('s3_upload_count')).toBe(2);
    expect(change('s3_upload_bytes')).toBe(60);
    expect(change('concurrent_uploads')).toBe(-1);
  });
});

const bytesOf = (text: string) => new TextEncoder().encode(text);
const keyOf = (upload: { url?: string; parts?: { url: string }[] }) =>
  new URL(upload.url ?? upload.parts![0].url).pathname.replace(/^\/[^/]+\//, '');

async function put(upload: { url: string; headers: Record<string, string> }, body: string) {
  const answer = await fetch(upload.url, { method: 'PUT', headers: upload.headers, body });
  expect(answer.status).toBe(200);
}

async function putParts(
  upload: { parts: { part_number: number; url: string }[] },
  sizes: readonly number[],
) {
  const parts = [];
  for (const { part_number, url } of upload.parts) {
    const body = new Uint8Array(sizes[part_number - 1]).fill(part_number);
    const answer = await fetch(url, { method: 'PUT', body });
    expect(answer.status).toBe(200);
    parts.push({ part_number, etag: answer.headers.get('etag') });
  }
  return parts;
}

/** Sums the samples of a metric. */
async function metricsOf(api: TestApi): Promise<(name: string) => number> {
  const { body, status }: Answer = await call(api, 'GET', '/metrics');
  expect(status).toBe(200);
  const lines = (body as string).split('\n');
  return (name) =>
    lines
      .filter((line) => line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
