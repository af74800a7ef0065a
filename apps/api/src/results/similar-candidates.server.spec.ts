import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOfFloats } from '#platform/database';
import {
  aLoggedInTeam,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aCandidate, aJob, aTask } from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

const GRAPH = 'a'.repeat(64);

/** Of length 1, at this angle from the first axis, as the worker writes it. */
function atAngle(degrees: number): Uint8Array<ArrayBuffer> {
  const values = new Array<number>(128).fill(0);
  values[0] = Math.cos((degrees * Math.PI) / 180);
  values[127] = Math.sin((degrees * Math.PI) / 180);
  return new Uint8Array(bytesOfFloats(Float32Array.from(values)));
}

describe('GET /api/v1/candidates/{candidate_id}/similar', () => {
  let api: TestApi;
  let team: Client;
  let others: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    [team, others] = await Promise.all([aLoggedInTeam(api), aLoggedInTeam(api)]);
  });
  afterAll(() => api.close());

  /** A candidate of a target of its own. */
  async function placed(degrees: number, fields: object = {}, teamId = team.teamId) {
    const target = `TIC ${randomUUID()}`;
    const job = await aJob(api.database, { teamId });
    const task = await aTask(api.database, { teamId, jobId: job.id, target });
    return aCandidate(api.database, {
      ...{ teamId, jobId: job.id, taskId: task.id, target },
      ...{ embedding: atAngle(degrees), embeddingSha256: GRAPH },
      ...fields,
    });
  }
  const similar = (id: string, query = '') => team.get(`/api/v1/candidates/${id}/similar${query}`);

  it('B.15 names the candidates that look most alike first, with how far and what was decided', async () => {
    const [own, near, far, opposite] = [
      await placed(0),
      await placed(10),
      await placed(60),
      await placed(170),
    ];
    await team.post(`/api/v1/candidates/${near.id}/review`, { decision: 'planet' });

    const { status, body } = await similar(own.id);

    expect(status).toBe(200);
    expect(body).toMatchObject({ candidate_id: own.id, compared: 3 });
    expect(body.items).toEqual([
      expect.objectContaining({
        candidate_id: near.id,
        job_id: near.jobId,
        target: near.target,
        review: 'planet',
        similarity: expect.closeTo(Math.cos(Math.PI / 18), 6),
      }),
      expect.objectContaining({
        candidate_id: far.id,
        review: null,
        similarity: expect.closeTo(0.5, 6),
      }),
    ]);
    const all = await similar(own.id, '?least_similarity=-1');
    expect(all.body.items.at(-1).candidate_id).toBe(opposite.id);
    const one = await similar(own.id, '?limit=1&least_similarity=-1');
    expect(one.body.items.map((each: { candidate_id: string }) => each.candidate_id)).toEqual([
      near.id,
    ]);
  });

  it('B.15 leaves out its own target, other graphs, other teams and what no network has seen', async () => {
    const graph = { embeddingSha256: 'b'.repeat(64) };
    const own = await placed(0, graph);
    const match = await placed(1, graph);
    await placed(2, { ...graph, target: own.target });
    await placed(3, { embeddingSha256: 'c'.repeat(64) });
    await placed(4, graph, others.teamId);
    await placed(5, { embedding: null, embeddingSha256: null });
    const { body } = await similar(own.id);
    expect(body.compared).toBe(1);
    expect(body.items[0].candidate_id).toBe(match.id);
  });

  it('B.15 compares all of them, also where there are more than are read at once', async () => {
    const graph = { embeddingSha256: 'd'.repeat(64) };
    const own = await placed(0, graph);
    await api.database.pool.query(
      `INSERT INTO candidates (id, team_id, job_id, task_id, target, rank, t0_bjd, depth_ppm,
         duration_hours, snr, sde, probability, rl_action, reasons, flags, vetting, aliases, plots,
         provenance, embedding, embedding_sha256)
       SELECT gen_random_uuid(), team_id, job_id, task_id, 'TIC ' || n, n + 1, t0_bjd, depth_ppm,
         duration_hours, snr, sde, probability, rl_action, reasons, flags, vetting, aliases, plots,
         provenance, CASE WHEN n = 4321 THEN $2::bytea ELSE $3::bytea END, embedding_sha256
       FROM candidates, generate_series(1, 4500) n WHERE id = $1`,
      [own.id, Buffer.from(atAngle(5)), Buffer.from(atAngle(30))],
    );
    const { body } = await similar(own.id, '?limit=2');
    expect(body.compared).toBe(4500);
    expect(body.items[0]).toMatchObject({ target: 'TIC 4321' });
    expect(body.items[1].similarity).toBeCloseTo(Math.cos(Math.PI / 6), 6);
  });

  it('says that a candidate has none, and knows none of another team', async () => {
    const bare = await placed(0, { embedding: null, embeddingSha256: null });
    const refused = await similar(bare.id);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: '/problems/no-embedding' });
    const foreign = await placed(0, {}, others.teamId);
    expect((await similar(foreign.id)).status).toBe(404);
    expect((await similar(randomUUID())).status).toBe(404);
    expect((await similar(bare.id, '?limit=1000')).status).toBe(422);
  });
});
