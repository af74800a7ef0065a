import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInMember,
  aLoggedInTeam,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aDataset, aFile, aJob, anEvent } from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

const SUMMARY = {
  format: 'fits',
  gzip: false,
  mission: 'kepler',
  target: 'KIC 1',
  label: 'KIC 1',
  points: 1000,
  usable_points: 990,
  time_system: 'bkjd',
  time_start_bjd: 2_454_953.5,
  time_end_bjd: null,
  cadence_minutes: 29.4,
  flux_column: 'PDCSAP_FLUX',
  non_finite_share: 0.01,
  gaps: { count: 2, longest_days: 1.5 },
};

describe('datasets', () => {
  let api: TestApi;
  let team: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    team = await aLoggedInTeam(api);
  });
  afterAll(() => api.close());

  const path = (id: string) => `/api/v1/datasets/${id}`;
  const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

  it('B.3 are listed, the newest first, by page, status and kind', async () => {
    const owner = await aLoggedInTeam(api);
    const { teamId } = owner;
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
    const old = await aDataset(api.database, { teamId, createdAt: at(1), kind: 'table' });
    const mid = await aDataset(api.database, { teamId, createdAt: at(2), status: 'invalid' });
    const young = await aDataset(api.database, { teamId, createdAt: at(2) });
    await aFile(api.database, { teamId, datasetId: young.id });

    const all = await owner.get('/api/v1/datasets');
    expect(new Set(ids(all.body))).toEqual(new Set([young.id, mid.id, old.id]));
    expect(all.body.items[2]).toEqual({
      id: old.id,
      name: 'Dataset',
      kind: 'table',
      status: 'valid',
      files: 0,
      size_bytes: 1000,
      created_at: '2026-01-01T00:00:01.000Z',
      expires_at: null,
      validation_job_id: null,
    });
    const first = await owner.get('/api/v1/datasets?limit=1');
    const second = await owner.get(`/api/v1/datasets?limit=1&cursor=${first.body.next_cursor}`);
    const third = await owner.get(`/api/v1/datasets?limit=1&cursor=${second.body.next_cursor}`);
    expect([...ids(first.body), ...ids(second.body), ...ids(third.body)]).toEqual(ids(all.body));
    expect(third.body.next_cursor).toBeNull();
    expect(ids((await owner.get('/api/v1/datasets?status=invalid')).body)).toEqual([mid.id]);
    expect(ids((await owner.get('/api/v1/datasets?kind=table')).body)).toEqual([old.id]);
  });

  it.each([
    ['limit=0', '#/limit'],
    ['limit=many', '#/limit'],
    ['status=lost', '#/status'],
    ['cursor=made-up', '#/cursor'],
    ['page=2', '#/page'],
  ])('refuse the query %s by name', async (query, pointer) => {
    const answer = await team.get(`/api/v1/datasets?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  it('C.12 tell how their validation goes: progress, logs and what each file is', async () => {
    const { teamId } = team;
    const job = await aJob(api.database, { teamId, type: 'validation', progress: 40 });
    const dataset = await aDataset(api.database, {
      teamId,
      status: 'validating',
      validationJobId: job.id,
    });
    const said = (message: string) => ({ type: 'progress', status: 'running', message });
    await anEvent(api.database, job.id, said('Waiting for a worker'));
    await anEvent(api.database, job.id, said(''));
    await anEvent(api.database, job.id, {
      type: 'failed',
      problem: { type: '/problems/x', title: 'x', status: 500, detail: 'The store is away' },
    });
    const good = await aFile(api.database, { teamId, datasetId: dataset.id, summary: SUMMARY });
    const bad = await aFile(api.database, {
      teamId,
      datasetId: dataset.id,
      position: 1,
      filename: 'bad.csv',
      status: 'invalid',
      sha256: null,
      target: null,
      issues: [
        { severity: 'error', code: 'no_time', message: 'No time column', row: 1, column: 'flux' },
      ],
    });

    const { status, body } = await team.get(`/api/v1/validation/${dataset.id}/status`);
    expect(status).toBe(200);
    expect(body).toEqual({
      dataset_id: dataset.id,
      status: 'validating',
      progress: 40,
      logs: [
        { at: expect.any(String), level: 'info', message: 'Waiting for a worker' },
        { at: expect.any(String), level: 'error', message: 'The store is away' },
      ],
      files: [
        {
          file_id: good.id,
          filename: 'curve.fits',
          size_bytes: 1000,
          sha256: 'a'.repeat(64),
          target: 'KIC 1',
          status: 'valid',
          summary: SUMMARY,
          issues: [],
        },
        {
          file_id: bad.id,
          filename: 'bad.csv',
          size_bytes: 1000,
          sha256: null,
          target: null,
          status: 'invalid',
          summary: null,
          issues: [
            {
              severity: 'error',
              code: 'no_time',
              message: 'No time column',
              row: 1,
              column: 'flux',
            },
          ],
        },
      ],
    });
    const detail = await team.get(path(dataset.id));
    expect(detail.body.items).toEqual(body.files);
    expect(detail.body.files).toBe(2);
  });

  it('C.12 are at 100 % when they are judged, and at 0 before anything came', async () => {
    const { teamId } = team;
    const judged = await aDataset(api.database, { teamId, status: 'invalid' });
    const pending = await aDataset(api.database, { teamId, status: 'pending_upload' });
    const progressOf = async (id: string) =>
      (await team.get(`/api/v1/validation/${id}/status`)).body.progress;
    expect(await progressOf(judged.id)).toBe(100);
    expect(await progressOf(pending.id)).toBe(0);
  });

  it('are deleted with their storage and their objects, and what was found stays', async () => {
    const owner = await aLoggedInTeam(api);
    const { teamId } = owner;
    await api.database.team.update({
      where: { id: teamId },
      data: { storageUsedBytes: 5000n },
    });
    const dataset = await aDataset(api.database, { teamId, sizeBytes: 3000n });
    const file = await aFile(api.database, { teamId, datasetId: dataset.id, multipartId: 'm' });
    const job = await aJob(api.database, { teamId, datasetId: dataset.id, status: 'completed' });

    expect((await owner.delete(path(dataset.id))).status).toBe(204);
    expect((await owner.get(path(dataset.id))).status).toBe(404);
    expect((await owner.get('/api/v1/storage')).body).toMatchObject({ used_bytes: 2000 });
    expect(
      await api.database.objectDeletion.findMany({ where: { objectKey: file.objectKey } }),
    ).toMatchObject([{ multipartId: 'm' }]);
    expect(await api.database.job.findUnique({ where: { id: job.id } })).toMatchObject({
      datasetId: null,
    });
    expect((await owner.delete(path(dataset.id))).status).toBe(404);
  });

  it('give their storage back once, however often they are deleted at the same time', async () => {
    const owner = await aLoggedInTeam(api);
    const { teamId } = owner;
    await api.database.team.update({ where: { id: teamId }, data: { storageUsedBytes: 3000n } });
    const dataset = await aDataset(api.database, { teamId, sizeBytes: 1000n });
    const answers = await Promise.all([1, 2, 3].map(() => owner.delete(path(dataset.id))));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404]);
    expect((await owner.get('/api/v1/storage')).body.used_bytes).toBe(2000);
  });

  it('that have expired have given their storage back already', async () => {
    const owner = await aLoggedInTeam(api);
    const dataset = await aDataset(api.database, { teamId: owner.teamId, status: 'expired' });
    expect((await owner.delete(path(dataset.id))).status).toBe(204);
    expect((await owner.get('/api/v1/storage')).body.used_bytes).toBe(0);
  });

  it.each(['queued', 'running'] as const)('are kept while a job is %s on them', async (status) => {
    const { teamId } = team;
    const dataset = await aDataset(api.database, { teamId });
    const job = await aJob(api.database, { teamId, datasetId: dataset.id, status });
    const answer = await team.delete(path(dataset.id));
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ type: '/problems/dataset-busy', job_id: job.id });
    expect((await team.get(path(dataset.id))).status).toBe(200);
  });

  it('are read, not deleted, by a reviewer', async () => {
    const reviewer = await aLoggedInMember(api, team, 'reviewer');
    const dataset = await aDataset(api.database, { teamId: team.teamId });
    expect((await reviewer.get(path(dataset.id))).status).toBe(200);
    expect((await reviewer.delete(path(dataset.id))).status).toBe(403);
  });

  it('of another team are not found', async () => {
    const stranger = await aLoggedInTeam(api);
    const dataset = await aDataset(api.database, { teamId: team.teamId });
    for (const answer of [
      await stranger.get(path(dataset.id)),
      await stranger.delete(path(dataset.id)),
      await stranger.get(`/api/v1/validation/${dataset.id}/status`),
    ]) {
      expect(answer.status).toBe(404);
      expect(answer.body.type).toBe('/problems/not-found');
    }
    expect((await stranger.get('/api/v1/datasets')).body.items).toEqual([]);
    expect((await team.get(path(dataset.id))).status).toBe(200);
  });
});
