import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInMember,
  aLoggedInTeam,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { carefulTeam, reviewedCandidates } from '../../../../test/support/reviewed-candidates.js';
import { aDataset, aFile } from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

/** 800 reviews: twice as many as a switch asks for. */
const ENOUGH = 1000;

describe('policies', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
  });
  afterAll(() => api.close());

  const learn = (client: Client) => client.post('/api/v1/policies');
  const activate = (client: Client, which: number | 'thresholds') =>
    client.post(`/api/v1/policies/${which}/activate`);
  const active = async (client: Client) => (await client.get('/api/v1/policies/active')).body;

  async function aTeamWith(candidates: number): Promise<Client> {
    const team = await aLoggedInTeam(api);
    await reviewedCandidates(api.database, team, carefulTeam(candidates));
    return team;
  }

  describe('learnt from reviews', () => {
    let team: Client;
    beforeAll(async () => {
      team = await aTeamWith(ENOUGH);
    });

    it('B.17 are numbered, and shown beside the thresholds: worth, interval, and what each would do', async () => {
      const { status, body } = await learn(team);
      expect(status).toBe(201);
      expect(body).toMatchObject({
        number: 1,
        name: 'learnt-1',
        made_by: team.email,
        is_active: false,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        body: { name: 'learnt-1', context: 'context-1', rewards: 'rewards-1', reviews: 800 },
      });
      const { evaluation } = body;
      expect(evaluation).toMatchObject({
        candidates: 1000,
        targets: 500,
        reviews: { unsure: 0 },
        hardly_reviewed: 0,
        active: null,
        against: 'thresholds',
      });
      expect(evaluation.reviews.planet + evaluation.reviews.false_positive).toBe(800);
      // They ask about everything: a right decision less a look.
      expect(evaluation.thresholds.doubly_robust.value).toBeCloseTo(0.8, 6);
      const [accept, , ask] = evaluation.thresholds.would;
      expect([accept.planet, accept.false_positive]).toEqual([0, 0]);
      expect(ask.planet + ask.false_positive).toBe(800);
      const { learnt, difference } = evaluation;
      expect(learnt.doubly_robust.low).toBeLessThan(learnt.doubly_robust.value);
      expect(difference.value).toBeCloseTo(learnt.doubly_robust.value - 0.8, 6);
      expect(difference.low).toBeGreaterThan(0);
    });

    it('B.17 are the same again of the same reviews, and are read by their number', async () => {
      const { body: again } = await learn(team);
      const { body: first } = await team.get('/api/v1/policies/1');
      expect(again.body).toEqual({ ...first.body, name: 'learnt-2' });
      expect(again.evaluation).toEqual(first.evaluation);
      expect([again.number, again.name]).toEqual([2, 'learnt-2']);
      const { body: list } = await team.get('/api/v1/policies?limit=1');
      expect(list.items.map(({ number }: { number: number }) => number)).toEqual([2]);
      const { body: rest } = await team.get(`/api/v1/policies?cursor=${list.next_cursor}`);
      expect(rest.items.map(({ number }: { number: number }) => number)).toEqual([1]);
    });

    it('B.17 are made of 10,000 reviews while others are answered', async () => {
      const large = await aTeamWith(12_500);
      let isLearning = true;
      const learning = learn(large).finally(() => (isLearning = false));
      let answered = 0;
      while (isLearning) {
        expect((await team.get('/api/v1/policies/active')).status).toBe(200);
        if (isLearning) answered++;
      }
      const { status, body } = await learning;
      expect([status, body.body.reviews]).toEqual([201, 10_000]);
      expect(answered).toBeGreaterThan(3);
    });

    it('B.17 are not learnt from next to nothing', async () => {
      const small = await aTeamWith(23);
      const { status, body } = await learn(small);
      expect([status, body.type]).toEqual([409, '/problems/too-few-reviews']);
      expect([body.reviews, body.needed]).toEqual([19, 20]);
    });

    it('B.17 never change once they are made, nor does their history', async () => {
      await expect(
        api.database.decisionPolicy.updateMany({
          where: { teamId: team.teamId },
          data: { body: '' },
        }),
      ).rejects.toThrow(/decision_policies is never changed/);
      await activate(team, 1);
      await expect(
        api.database.policySwitch.updateMany({
          where: { teamId: team.teamId },
          data: { policyId: null },
        }),
      ).rejects.toThrow(/policy_switches is never changed/);
    });
  });

  describe('switched on', () => {
    it('B.17 decide from then on, and who switched when stays written', async () => {
      const team = await aTeamWith(ENOUGH);
      expect(await active(team)).toEqual({ policy: 'thresholds', history: [] });
      await learn(team);
      const { status, body } = await activate(team, 1);
      expect(status).toBe(200);
      const switched = { policy: 'learnt-1', by: team.email, at: expect.any(String) };
      expect(body).toEqual({ policy: 'learnt-1', history: [switched] });
      // Again: nothing happens twice.
      expect((await activate(team, 1)).body).toEqual(body);
      expect((await team.get('/api/v1/policies/1')).body.is_active).toBe(true);

      const back = await activate(team, 'thresholds');
      expect([back.status, back.body.policy]).toEqual([200, 'thresholds']);
      const names = back.body.history.map(({ policy }: { policy: string }) => policy);
      expect(names).toEqual(['thresholds', 'learnt-1']);
      expect((await activate(team, 'thresholds')).body).toEqual(back.body);
    });

    it('B.17 are refused with their numbers while reviews are too few', async () => {
      const team = await aTeamWith(100);
      await learn(team);
      const { status, body } = await activate(team, 1);
      expect([status, body.type]).toEqual([409, '/problems/policy-not-better']);
      expect(body.reasons[0]).toBe('80 reviews say planet or false positive; 400 are needed.');
      expect(body).toMatchObject({
        against: 'thresholds',
        difference: {
          low: expect.any(Number),
          value: expect.any(Number),
          high: expect.any(Number),
        },
        reviews: { unsure: 0 },
      });
      expect((await active(team)).policy).toBe('thresholds');
    });

    it('B.17 are refused where thresholds do as well', async () => {
      const team = await aLoggedInTeam(api);
      const decided = carefulTeam(ENOUGH).map((candidate) => ({
        ...candidate,
        rlAction: candidate.probability > 0.5 ? ('accept' as const) : ('reject' as const),
      }));
      await reviewedCandidates(api.database, team, decided);
      await learn(team);
      const { status, body } = await activate(team, 1);
      expect(status).toBe(409);
      expect(body.reasons).toEqual([
        expect.stringMatching(
          /^A candidate is worth -?\d\.\d{3} more than with thresholds, between -\d\.\d{3} and .* the lower bound must be above 0\.$/,
        ),
      ]);
    });

    it('B.17 have to be compared with the one that decides', async () => {
      const team = await aTeamWith(ENOUGH);
      await learn(team);
      await learn(team);
      await activate(team, 1);
      const { body } = await activate(team, 2);
      expect(body.reasons).toEqual([
        'It was compared with thresholds, but learnt-1 decides now: learn again to compare with that.',
      ]);
      const { body: third } = await learn(team);
      expect(third.evaluation.against).toBe('learnt-1');
      expect(third.evaluation.active.would).toHaveLength(3);
    });

    it('B.17 are switched by one of two who do so at the same time, and the other is told', async () => {
      const team = await aTeamWith(ENOUGH);
      await learn(team);
      await learn(team);
      const answers = await Promise.all([activate(team, 1), activate(team, 2)]);
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect((await active(team)).history).toHaveLength(1);
      const [lost] = answers.filter(({ status }) => status !== 200);
      expect(lost.body.type).toMatch(/policy-(switched-meanwhile|not-better)$/);
    });
  });

  describe('in a search', () => {
    let team: Client;
    let datasetId: string;
    beforeAll(async () => {
      team = await aTeamWith(ENOUGH);
      datasetId = (await aDataset(api.database, { teamId: team.teamId })).id;
      await aFile(api.database, { teamId: team.teamId, datasetId });
    });

    const run = (params?: object) => team.post('/api/v1/run', { dataset_id: datasetId, params });
    const policyOf = async (answer: ReturnType<typeof run>) => {
      const { body } = await answer;
      return (await team.get(`/api/v1/status/${body.job_id}`)).body.params.policy;
    };

    it('B.17 are named by the job: the one that is active when it starts, or thresholds', async () => {
      expect(await policyOf(run())).toBe('thresholds');
      await learn(team);
      await activate(team, 1);
      expect(await policyOf(run())).toBe('learnt-1');
      expect(await policyOf(run({ policy: 'thresholds' }))).toBe('thresholds');
      // What was good enough once can be asked for again, to search as before.
      await activate(team, 'thresholds');
      expect(await policyOf(run({ policy: 'learnt-1' }))).toBe('learnt-1');
    });

    it('B.17 do not decide before they were switched on', async () => {
      await learn(team);
      const { status, body } = await run({ policy: 'learnt-2' });
      expect([status, body.type]).toEqual([409, '/problems/policy-never-active']);
      expect((await run({ policy: 'best' })).status).toBe(422);
    });
  });

  it('B.17 are for those who may work, and for nobody of another team', async () => {
    const team = await aTeamWith(ENOUGH);
    await learn(team);
    const reviewer = await aLoggedInMember(api, team, 'reviewer');
    expect((await reviewer.get('/api/v1/policies/1')).status).toBe(200);
    for (const answer of [
      learn(reviewer),
      activate(reviewer, 1),
      activate(reviewer, 'thresholds'),
    ]) {
      expect((await answer).status).toBe(403);
    }
    const stranger = await aLoggedInTeam(api);
    expect((await stranger.get('/api/v1/policies/1')).status).toBe(404);
    expect((await activate(stranger, 1)).status).toBe(404);
    expect((await stranger.get('/api/v1/policies')).body.items).toEqual([]);
  });
});
