import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInMember,
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aVersion } from '../../../../test/support/models.js';
import { aStoredPolicy } from '../../../../test/support/policies.js';
import {
  aCandidate,
  aDataset,
  aFile,
  aJob,
  aModelRow,
  aTask,
} from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from './create-app.js';
import { type Route, routesOf } from './routes.js';

/** Parameters that are no ids. */
const WORDS: Readonly<Record<string, string>> = {
  file: 'phase.svg',
  plot: 'roc.svg',
  alias: 'champion',
  version: '1.0.0',
};

const A_VERSION = { metadata: aVersion({ name: 'a-model' }).metadata };

/** Bodies of the routes that need one: valid, so that only the id can be refused. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /api/v1/team/members/:id': { role: 'reviewer' },
  'POST /api/v1/candidates/:candidate_id/review': { decision: 'planet' },
  'POST /api/v1/models/:name/aliases/:alias': { version: '1.0.0' },
  'POST /api/v1/models/:name/versions': A_VERSION,
  'PUT /api/v1/models/:name/versions/:version/draft': A_VERSION,
};

/** Queries of the routes that need one. */
const QUERIES: Readonly<Record<string, string>> = {
  '/api/v1/models/:name/compare': '?version_a=1.0.0&version_b=latest',
};

/** Routes that name something by a body or a query: they cannot be told by their path. */
const NAMED_ELSEWHERE: readonly (readonly [
  method: string,
  path: (ids: Ids) => string,
  body?: (ids: Ids) => object,
])[] = [
  ['POST', () => '/api/v1/upload/complete', (ids) => ({ dataset_id: ids.dataset_id })],
  ['POST', () => '/api/v1/run', (ids) => ({ dataset_id: ids.dataset_id })],
  ['POST', () => '/api/v1/train', (ids) => aTraining(ids.dataset_id)],
  ['GET', (ids) => `/api/v1/compare?job_a=${ids.job_id}&job_b=${ids.job_id}`],
  ['DELETE', (ids) => `/api/v1/auth/api-keys?id=${ids.api_key_id}`],
];

const STRANGERS: readonly Record<string, string>[] = [
  {},
  { authorization: 'Bearer x' },
  { 'x-api-key': 'lf_x' },
];

type Ids = Readonly<Record<string, string>>;

describe('every route', () => {
  let api: TestApi;
  let routes: Route[];
  let owner: Client;
  let stranger: Client;
  let ids: Ids;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    routes = routesOf(api.app);
    owner = await aLoggedInTeam(api);
    stranger = await aLoggedInTeam(api);
    ids = await oneOfEach();
  });
  afterAll(() => api.close());

  /** What a stranger may try to reach: a finished job on a valid dataset, with a candidate. */
  async function oneOfEach(): Promise<Ids> {
    const { teamId } = owner;
    const dataset = await aDataset(api.database, { teamId });
    await aFile(api.database, { teamId, datasetId: dataset.id });
    const job = await aJob(api.database, { teamId, datasetId: dataset.id, status: 'completed' });
    const task = await aTask(api.database, { teamId, jobId: job.id, status: 'failed' });
    const candidate = await aCandidate(api.database, {
      teamId,
      jobId: job.id,
      taskId: task.id,
      embedding: Buffer.from(new Float32Array(128).fill(128 ** -0.5).buffer),
      embeddingSha256: 'a'.repeat(64),
    });
    const model = await aModelRow(api.database, { teamId, name: 'a-model', ...A_VERSION });
    const member = await aLoggedInMember(api, owner, 'member');
    const { body: key } = await owner.post('/api/v1/auth/api-keys', { name: 'a' });
    await aStoredPolicy(api.database, owner);
    return {
      dataset_id: dataset.id,
      job_id: job.id,
      task_id: task.id,
      candidate_id: candidate.id,
      member_id: member.userId,
      api_key_id: key.id,
      name: model.name,
      number: '1',
    };
  }

  const guarded = () => routes.filter(({ isPublic }) => !isPublic);
  const withIds = () => guarded().filter(({ path }) => path.includes(':'));

  const pathTo = (route: Route, idOf: (name: string) => string) =>
    route.path.replace(/:(\w+)/g, (_, name: string) => WORDS[name] ?? idOf(nameOfId(route, name))) +
    (QUERIES[route.path] ?? '');

  it('B.38 asks who is calling, unless it is marked as public', async () => {
    expect(guarded().length).toBeGreaterThan(30);
    for (const route of guarded()) {
      const path = pathTo(route, () => randomUUID());
      for (const headers of STRANGERS) {
        const answer = await call(api, route.method, path, { headers });
        expect([route.method, path, answer.status]).toEqual([route.method, path, 401]);
        expect(answer.body.type).toBe('/problems/unauthenticated');
      }
    }
  });

  it('B.38 keeps what is another team’s as if it were not there', async () => {
    expect(withIds().length).toBeGreaterThan(15);
    for (const route of withIds()) {
      const name = `${route.method} ${route.path}`;
      const body = BODIES[name];
      const path = pathTo(route, (id) => ids[id]);
      const answer = await call(api, route.method, path, {
        body,
        headers: { authorization: `Bearer ${stranger.accessToken}` },
      });
      expect([name, answer.status, answer.body.type]).toEqual([name, 404, '/problems/not-found']);
    }
    for (const [method, path, body] of NAMED_ELSEWHERE) {
      const answer = await call(api, method, path(ids), {
        body: body?.(ids),
        headers: { authorization: `Bearer ${stranger.accessToken}` },
      });
      expect([method, path(ids), answer.status]).toEqual([method, path(ids), 404]);
    }
  });

  it('finds what is there for its own team', async () => {
    const reading = withIds().filter(({ method }) => method === 'GET');
    for (const route of reading) {
      const name = `${route.method} ${route.path}`;
      if (NEEDS_MORE.has(name)) continue;
      const answer = await owner.get(pathTo(route, (id) => ids[id]));
      expect([name, answer.status]).toEqual([name, 200]);
    }
  });

  it('names the parameter that is no id', async () => {
    for (const route of withIds()) {
      const body = BODIES[`${route.method} ${route.path}`];
      const answer = await call(
        api,
        route.method,
        pathTo(route, () => 'NO-ID'),
        {
          body,
          headers: { authorization: `Bearer ${owner.accessToken}` },
        },
      );
      const parameter = /:(\w+)/.exec(route.path)![1];
      expect([route.path, answer.status]).toEqual([route.path, 422]);
      expect(answer.body.errors[0].pointer).toBe(`#/${parameter}`);
    }
  });

  it('carries the headers that keep a browser from harm, and an id', async () => {
    for (const path of ['/api/v1/datasets', '/docs', '/no/such/route', '/openapi.json']) {
      const { headers } = await call(api, 'GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('answers a problem document to what is no request of ours', async () => {
    const post = (body: string, type = 'application/json') =>
      fetch(`${api.url}/api/v1/auth/login`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      });
    const answers = {
      'bad-request': await post('{"email": '),
      'unsupported-media-type': await post('<a/>', 'application/xml'),
      'body-too-large': await post(`"${'x'.repeat(9 * 1024 ** 2)}"`),
      'not-found': await fetch(`${api.url}/api/v1/nothing`),
    };
    for (const [slug, answer] of Object.entries(answers)) {
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({ type: `/problems/${slug}` });
    }
    expect(answers['bad-request'].status).toBe(400);
    const poisoned = await post('{"email":"a@example.org","password":"x","__proto__":{"a":1}}');
    expect(poisoned.status).toBe(400);
    expect((await post('')).status).toBe(422);
  });

  it('answers a problem document to what is too large or broken to be a request', async () => {
    const tooLarge = await fetch(`${api.url}/api/v1/jobs?cursor=${'x'.repeat(20_000)}`);
    expect(tooLarge.status).toBe(431);
    expect(tooLarge.headers.get('content-type')).toBe('application/problem+json');
    expect(await tooLarge.json()).toMatchObject({ type: '/problems/headers-too-large' });

    const socket = connect(Number(new URL(api.url).port), new URL(api.url).hostname);
    socket.end('no http at all\r\n\r\n');
    const [head, body] = (await text(socket)).split('\r\n\r\n');
    expect(head).toContain('HTTP/1.1 400 Bad Request');
    expect(JSON.parse(body)).toMatchObject({ type: '/problems/bad-request', status: 400 });
  });

  it('takes a POST that says application/json and has no body', async () => {
    const client = await aLoggedInTeam(api);
    const answer = await fetch(`${api.url}/api/v1/auth/logout`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${client.accessToken}`,
      },
    });
    expect(answer.status).toBe(204);
  });
});

const aTraining = (datasetId: string) => ({
  dataset_id: datasetId,
  target_column: 'disposition',
  task_type: 'classification',
  model_config: { selected_model: 'random_forest' },
});

/** `:id` is of what the path is about; other names say it themselves. */
function nameOfId({ path }: Route, name: string): string {
  if (name !== 'id') return name;
  if (path.startsWith('/api/v1/datasets')) return 'dataset_id';
  if (path.startsWith('/api/v1/team/members')) return 'member_id';
  if (path.startsWith('/api/v1/auth/api-keys')) return 'api_key_id';
  throw new Error(`Say here what the id of ${path} is`);
}

/** Ways to read what these rows alone do not have: objects in the store, a draft, a report. */
const NEEDS_MORE = new Set([
  'GET /api/v1/jobs/:job_id/events',
  'GET /api/v1/plots/:candidate_id/:file',
  'GET /api/v1/report/:job_id',
  'GET /api/v1/models/:name/compare',
  'GET /api/v1/models/:name/versions/:version/draft',
  'GET /api/v1/models/:name/versions/:version/card',
  'GET /api/v1/models/:name/versions/:version/plots/:plot',
  'GET /api/v1/models/:name/versions/:version/report',
]);
