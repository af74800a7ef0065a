import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Platform } from '../../scripts/platform.mjs';
import { openEvents, openSocket } from '../support/live.js';
import { lightfold, startTestPlatform, temporaryFolder } from '../support/platform.js';
import { ask, foundTeam, type Team } from './client.js';

let platform: Platform;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let team: Team;
let others: Team;
let datasetId: string;
let jobId: string;
let taskId: string;
let candidateId: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  platform = await startTestPlatform();
  [team, others] = [await foundTeam(platform.url, 'We'), await foundTeam(platform.url, 'They')];
  const planet = ['--planet', 'period=6.1,radius=0.05'];
  const [path] = await lightfold('simulate', join(folder.path, 'star.fits'), ...planet);
  const bytes = Uint8Array.from(await readFile(path));
  datasetId = await team.validDataset('Ours', [{ filename: 'star.fits', bytes }]);
  jobId = await team.run(datasetId);
  await team.completed(jobId);
  candidateId = (await team.results(jobId)).candidates[0].candidate_id;
  taskId = (await team.get(`/api/v1/jobs/${jobId}/tasks`)).items[0].task_id;
});

afterAll(async () => {
  await platform?.stop();
  await folder?.remove();
});

/** Every address that names something of a team. */
const ADDRESSES = [
  ['GET', 'upload/{dataset}'],
  ['POST', 'upload/complete', { dataset_id: '{dataset}' }],
  ['GET', 'validation/{dataset}/status'],
  ['GET', 'datasets/{dataset}'],
  ['POST', 'run', { dataset_id: '{dataset}' }],
  ['GET', 'status/{job}'],
  ['GET', 'jobs/{job}'],
  ['GET', 'jobs/{job}/tasks'],
  ['GET', 'jobs/{job}/events'],
  ['POST', 'jobs/{job}/cancel'],
  ['GET', 'tasks/{task}'],
  ['POST', 'tasks/{task}/replay'],
  ['GET', 'results/{job}'],
  ['GET', 'results/{job}/candidates.csv'],
  ['GET', 'report/{job}'],
  ['GET', 'compare?job_a={job}&job_b={job}'],
  ['GET', 'candidates/{candidate}'],
  ['GET', 'candidates/{candidate}/reviews'],
  ['POST', 'candidates/{candidate}/review', { decision: 'planet' }],
  ['GET', 'plots/{candidate}/phase.png'],
  ['GET', 'plots/{candidate}/phase.svg'],
  ['DELETE', 'datasets/{dataset}'],
] as const;

const LISTS = ['datasets', 'jobs', 'candidates'];

const withIds = (template: string) =>
  template
    .replaceAll('{dataset}', datasetId)
    .replaceAll('{job}', jobId)
    .replaceAll('{task}', taskId)
    .replaceAll('{candidate}', candidateId);

const bodyOf = (body?: object): unknown => body && JSON.parse(withIds(JSON.stringify(body)));

describe("another team's work", () => {
  it.each(ADDRESSES)('B.38 is not there: %s %s', async (method, path, body?: object) => {
    const answer = await others.ask(method, `/api/v1/${withIds(path)}`, { body: bodyOf(body) });
    expect(answer.status).toBe(404);
    expect(answer.body.type).toBe('/problems/not-found');
  });

  it.each(LISTS)('B.38 is in no list: %s', async (list) => {
    expect((await team.get(`/api/v1/${list}`)).items).not.toEqual([]);
    expect((await others.get(`/api/v1/${list}`)).items).toEqual([]);
    const asked = await others.get(`/api/v1/${list}?limit=200`);
    expect(asked.items).toEqual([]);
  });

  it('A.22 is heard on no socket', async () => {
    const spy = await openSocket(platform, jobId, others);
    spy.say({ type: 'subscribe_task', task_id: jobId });
    spy.say({ type: 'ping' });
    await vi.waitFor(() => expect(spy.messages.at(-1)).toEqual({ type: 'pong' }));
    expect(spy.messages).toHaveLength(2);
    expect(spy.messages[0]).toMatchObject({ type: 'error', problem: { status: 404 } });
    spy.socket.close();
  });

  it('C.1 is behind no signed URL that was changed to name it', async () => {
    const { plots } = (await team.results(jobId)).candidates[0];
    const unsigned = new URL(plots.phase);
    unsigned.search = '';
    expect((await fetch(unsigned)).status).toBe(403);
  });

  it('is still all there for its owners', async () => {
    expect((await team.get(`/api/v1/datasets/${datasetId}`)).status).toBe('valid');
    expect((await team.status(jobId)).status).toBe('completed');
    expect((await team.plot(candidateId, 'phase.png')).status).toBe(200);
  });
});

describe('who has not logged in', () => {
  it.each(ADDRESSES)('B.38 is asked to: %s %s', async (method, path, body?: object) => {
    const answer = await ask(platform.url, method, `/api/v1/${withIds(path)}`, {
      body: bodyOf(body),
    });
    expect(answer.status).toBe(401);
    expect(answer.body.type).toBe('/problems/unauthenticated');
  });
});

describe('who logs out', () => {
  it('C.13 has no access from that moment, anywhere', async () => {
    const { email, password } = team;
    const login = await ask(platform.url, 'POST', '/api/v1/auth/login', {
      body: { email, password },
    });
    const { access_token: token, refresh_token: refreshToken } = login.body;
    const headers = { authorization: `Bearer ${token}` };
    const me = () => ask(platform.url, 'GET', '/api/v1/auth/me', { headers });
    expect((await me()).status).toBe(200);
    const logout = await ask(platform.url, 'POST', '/api/v1/auth/logout', { headers });
    expect(logout.status).toBe(204);

    expect((await me()).status).toBe(401);
    const plot = `/api/v1/plots/${candidateId}/phase.png`;
    expect((await ask(platform.url, 'GET', plot, { headers })).status).toBe(401);
    await expect(openSocket(platform, randomUUID(), { token })).rejects.toThrow('401');
    expect((await openEvents(platform, jobId, { token })).status).toBe(401);
    const refreshed = await ask(platform.url, 'POST', '/api/v1/auth/refresh', {
      body: { refresh_token: refreshToken },
    });
    expect(refreshed.status).toBe(401);
    expect((await team.ask('GET', '/api/v1/auth/me')).status).toBe(200);
  });
});
