import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInTeam,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aCandidate, aJob, aTask } from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

describe('GET /api/v1/compare', () => {
  let api: TestApi;
  let team: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    team = await aLoggedInTeam(api);
  });
  afterAll(() => api.close());

  const teamJob = (fields: object = {}) =>
    aJob(api.database, { teamId: team.teamId, status: 'completed', ...fields });

  it('B.8 B.27 matches two jobs and holds both against the reviews', async () => {
    const target = `KIC ${randomUUID()}`;
    const aSearch = async (candidates: object[]) => {
      const job = await teamJob();
      const own = { teamId: team.teamId, jobId: job.id };
      const task = await aTask(api.database, { ...own, status: 'completed', target });
      const ids = [];
      for (const [index, fields] of candidates.entries()) {
        const row = { target, rank: index + 1, ...fields };
        ids.push((await aCandidate(api.database, { ...own, taskId: task.id, ...row })).id);
      }
      return { id: job.id, ids };
    };
    const a = await aSearch([{ periodDays: 10 }, { periodDays: 3, rlAction: 'reject' }]);
    const b = await aSearch([{ periodDays: 3.001 }, { periodDays: 10.02 }, { periodDays: 47 }]);
    const review = (id: string, decision: string) =>
      team.post(`/api/v1/candidates/${id}/review`, { decision });
    await review(a.ids[0], 'planet');
    await review(a.ids[1], 'planet');
    await review(b.ids[2], 'false_positive');

    const { status, body } = await team.get(`/api/v1/compare?job_a=${a.id}&job_b=${b.id}`);

    expect(status).toBe(200);
    const pairs = body.matched.map((m: Record<'a' | 'b', { candidate_id: string }>) => [
      m.a.candidate_id,
      m.b.candidate_id,
    ]);
    expect(pairs).toEqual([
      [a.ids[0], b.ids[1]],
      [a.ids[1], b.ids[0]],
    ]);
    expect(body.matched[0].period_difference).toBeCloseTo(0.002, 4);
    expect(body.only_a).toEqual([]);
    expect(body.only_b).toMatchObject([{ candidate_id: b.ids[2], period_days: 47 }]);
    expect(body.counts).toEqual({ a: 2, b: 3, matched: 2, accepted_a: 1, accepted_b: 3 });
    expect(body.labels).toEqual({
      reviewed: 3,
      a: {
        true_positives: 1,
        false_positives: 0,
        false_negatives: 1,
        precision: 1,
        recall: 0.5,
      },
      b: {
        true_positives: 2,
        false_positives: 1,
        false_negatives: 0,
        precision: 2 / 3,
        recall: 1,
      },
    });
  });

  it('has no labels where nothing was reviewed, and compares detections only', async () => {
    const [one, other] = [await teamJob(), await teamJob()];
    const validation = await teamJob({ type: 'validation' });
    const same = await team.get(`/api/v1/compare?job_a=${one.id}&job_b=${other.id}`);
    expect([same.status, same.body.labels]).toEqual([200, null]);
    const unlike = await team.get(`/api/v1/compare?job_a=${one.id}&job_b=${validation.id}`);
    expect([unlike.status, unlike.body.type]).toEqual([409, '/problems/nothing-to-compare']);
  });
});
