import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Platform } from '../../scripts/platform.mjs';
import { openEvents, openSocket } from '../support/live.js';
import { lightfold, startTestPlatform, temporaryFolder } from '../support/platform.js';
import { foundTeam, type Json, type Team } from './client.js';

const STARS = 6;
const patience = { timeout: 120_000, interval: 50 };

let platform: Platform;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let team: Team;
let datasetId: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  platform = await startTestPlatform({ TELEMETRY_UPDATE_INTERVAL: '0.1' });
  team = await foundTeam(platform.url);
  const planet = ['--planet', 'period=6.1,radius=0.05'];
  const [path] = await lightfold('simulate', join(folder.path, 'star.fits'), ...planet);
  const bytes = Uint8Array.from(await readFile(path));
  const stars = Array.from({ length: STARS }, (_, i) => ({
    filename: `star-${i}.fits`,
    target: `Star ${i}`,
    bytes,
  }));
  datasetId = await team.validDataset('Six stars', stars);
});

afterAll(async () => {
  await platform?.stop();
  await folder?.remove();
});

/** From a number to a number, every one. */
const upTo = (last: number, from = 1) =>
  Array.from({ length: last - from + 1 }, (_, i) => from + i);

/** A new client that asks for what came after an event, until the job is complete. */
async function watchedToTheEnd(jobId: string, last: number) {
  const client = await openSocket(platform, randomUUID(), team);
  client.say({ type: 'subscribe_task', task_id: jobId, after: last });
  const isComplete = () => client.messages.some(({ type }) => type === 'complete');
  await vi.waitFor(() => expect(isComplete()).toBe(true), patience);
  client.socket.close();
  return client;
}

describe('a search, watched live', () => {
  it('A.3, A.11, A.22, A.23, A.25 loses no event of a client whose connection breaks', async () => {
    const jobId = await team.run(datasetId);
    const before = await openSocket(platform, jobId, team);
    await vi.waitFor(() => expect(before.numbersOf(jobId).length).toBeGreaterThan(2), patience);
    before.socket.terminate();
    await before.closed;
    const last = before.numbersOf(jobId).at(-1)!;

    const after = await watchedToTheEnd(jobId, last);

    const seen = [...before.numbersOf(jobId), ...after.numbersOf(jobId)];
    expect(seen).toEqual(upTo(seen.at(-1)!));
    const progress = [...before.messages, ...after.messages].flatMap((message: Json) =>
      message.type === 'progress' ? [message.progress] : [],
    );
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(after.messages.at(-1)).toMatchObject({ type: 'complete', progress: 100 });
  });

  it('B.36 goes on at another api process when the one that served the client is killed', async () => {
    const other = await platform.addApi();
    const jobId = await team.run(datasetId);
    const before = await openSocket(other, jobId, team);
    await vi.waitFor(() => expect(before.numbersOf(jobId).length).toBeGreaterThan(2), patience);
    await other.kill();
    await before.closed;
    const last = before.numbersOf(jobId).at(-1)!;

    const after = await watchedToTheEnd(jobId, last);
    const seen = [...before.numbersOf(jobId), ...after.numbersOf(jobId)];
    expect(seen).toEqual(upTo(seen.at(-1)!));
  });

  it('A.24 answers a ping', async () => {
    const client = await openSocket(platform, randomUUID(), team);
    client.say({ type: 'ping' });
    await vi.waitFor(() => expect(client.messages).toEqual([{ type: 'pong' }]), patience);
    client.socket.close();
  });

  it('B.30 resumes Server-Sent Events after the last one that was read', async () => {
    const jobId = await team.run(datasetId, { max_planets: 1 });
    const all = await team.follow(jobId);
    const last = all.at(-1)!.seq;
    expect(all.map(({ seq }) => seq)).toEqual(upTo(last));
    const middle = Math.floor(last / 2);
    const rest = await openEvents(platform, jobId, {
      token: team.token,
      headers: { 'last-event-id': String(middle) },
    });
    await rest.ended;
    expect(rest.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(rest.events.map(({ id }) => id)).toEqual(upTo(last, middle + 1));
    const nothing = await openEvents(platform, jobId, {
      token: team.token,
      headers: { 'last-event-id': String(last) },
    });
    expect(nothing.status).toBe(204);
  });
});

describe('a search that is cancelled', () => {
  it('B.29 ends soon, keeps what it has found and works on nothing more', async () => {
    const jobId = await team.run(datasetId);
    const watching = openSocket(platform, jobId, team);
    await vi.waitFor(
      async () => expect((await team.status(jobId)).tasks.completed).toBeGreaterThan(0),
      patience,
    );
    expect(await team.post(`/api/v1/jobs/${jobId}/cancel`, {}, 200)).toMatchObject({
      job_id: jobId,
    });
    await team.follow(jobId, 30);
    const job = await team.status(jobId);
    expect(job.status).toBe('cancelled');
    expect(job.tasks.completed).toBeLessThan(STARS);
    const { items } = await team.get(`/api/v1/jobs/${jobId}/tasks?limit=100`);
    const states = new Set(items.map((task: Json) => task.status));
    expect([...states].sort()).toEqual(['cancelled', 'completed']);
    const { candidates } = await team.results(jobId);
    expect(candidates.length).toBeGreaterThanOrEqual(job.tasks.completed);
    await vi.waitFor(async () => {
      const { workers } = await team.get('/api/v1/workers/status');
      expect(workers[0].busy).toBe(0);
    }, patience);
    (await watching).socket.close();
  });
});
