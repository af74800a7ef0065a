import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInTeam,
  call,
  type Client,
  PASSWORD,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';
import { IdempotencyRepository } from './idempotency.repository.js';

describe('an Idempotency-Key', () => {
  let api: TestApi;
  let team: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    team = await aLoggedInTeam(api);
  });
  afterAll(() => api.close());

  const upload = { name: 'a', kind: 'light_curve', files: [{ filename: 'a.fits', size_bytes: 1 }] };
  const start = (key: string, body: unknown = upload, client = team) =>
    client.post('/api/v1/upload/start', body, { headers: { 'idempotency-key': key } });
  const datasets = (client = team) =>
    api.database.dataset.count({ where: { teamId: client.teamId } });

  it('gives the same answer again, and does nothing again', async () => {
    const key = randomUUID();
    const first = await start(key);
    const before = await datasets();
    const reordered = { files: upload.files, kind: upload.kind, name: upload.name };
    const second = await start(key, reordered);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(await datasets()).toBe(before);
  });

  it('refuses another body, and another route', async () => {
    const key = randomUUID();
    await start(key);
    const other = await start(key, { ...upload, name: 'b' });
    expect(other.status).toBe(422);
    expect(other.body.type).toBe('/problems/idempotency-key-reused');
    const headers = { 'idempotency-key': key };
    const route = await team.post('/api/v1/team/members', upload, { headers });
    expect(route.body.type).toBe('/problems/idempotency-key-reused');
  });

  it('lets one of many at once do it', async () => {
    const key = randomUUID();
    const before = await datasets();
    const answers = await Promise.all(Array.from({ length: 8 }, () => start(key)));
    expect(await datasets()).toBe(before + 1);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const answer of refused) {
      expect(answer.status).toBe(409);
      expect(answer.body.type).toBe('/problems/idempotency-key-in-use');
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ body }) => body.dataset_id)).size).toBe(1);
  });

  it('is free again after a request that failed', async () => {
    const key = randomUUID();
    const wrong = { ...upload, files: [] };
    expect((await start(key, wrong)).status).toBe(422);
    expect((await start(key)).status).toBe(201);
  });

  it('belongs to a team', async () => {
    const key = randomUUID();
    const stranger = await aLoggedInTeam(api);
    const first = await start(key);
    const second = await start(key, upload, stranger);
    expect(second.status).toBe(201);
    expect(second.body.dataset_id).not.toBe(first.body.dataset_id);
  });

  it('is forgotten after its day', async () => {
    const key = randomUUID();
    const first = await start(key);
    await api.database.idempotencyKey.updateMany({
      where: { key },
      data: { expiresAt: new Date(Date.now() - 1000) },
    });
    expect((await start(key)).body.dataset_id).not.toBe(first.body.dataset_id);
  });

  it('is taken over from a process that died, which can then keep nothing', async () => {
    const repository = api.app.get(IdempotencyRepository);
    const request = { teamId: team.teamId, key: randomUUID(), route: '/', requestHash: 'a' };
    const dead = await repository.claim(request);
    expect(await repository.claim(request)).toEqual({ outcome: 'under-way' });
    const createdAt = new Date(Date.now() - 121_000);
    await api.database.idempotencyKey.updateMany({
      where: { key: request.key },
      data: { createdAt },
    });
    expect(await repository.claim(request)).toMatchObject({ outcome: 'begun' });
    if (dead.outcome !== 'begun') throw new Error('the first claim begins');
    await repository.keep(request, dead.claim, { status: 201, body: {} });
    expect(await repository.claim(request)).toEqual({ outcome: 'under-way' });
  });

  it.each(['', 'a b', 'ü', 'x'.repeat(256)])('is refused where it is none: %j', async (key) => {
    const answer = await call(api, 'POST', '/api/v1/upload/start', {
      body: upload,
      headers: { authorization: `Bearer ${team.accessToken}`, 'idempotency-key': key },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe('#/Idempotency-Key');
  });

  it('never stores a secret: an api key is made anew', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const make = () => team.post('/api/v1/auth/api-keys', { name: 'a' }, { headers });
    const [first, second] = [await make(), await make()];
    expect(second.body.key).not.toBe(first.body.key);
    const rows = await api.database.idempotencyKey.findMany({ where: { teamId: team.teamId } });
    expect(JSON.stringify(rows)).not.toContain('lf_');
  });

  it('leaves public routes alone', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const login = () =>
      call(api, 'POST', '/api/v1/auth/login', {
        body: { email: team.email, password: PASSWORD },
        headers,
      });
    expect((await login()).body.refresh_token).not.toBe((await login()).body.refresh_token);
  });
});
