import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '#platform/storage';
import {
  aLoggedInMember,
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aCandidate, aJob, aTask } from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

const PDF = Buffer.from('%PDF-1.7 a report');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

describe('results', () => {
  let api: TestApi;
  let store: ObjectStore;
  let team: Client;
  let others: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    store = api.app.get(ObjectStore);
    [team, others] = await Promise.all([aLoggedInTeam(api), aLoggedInTeam(api)]);
  });
  afterAll(() => api.close());

  const teamJob = (fields: object = {}) =>
    aJob(api.database, { teamId: team.teamId, status: 'completed', ...fields });
  const teamTask = (jobId: string, fields: object = {}) =>
    aTask(api.database, { teamId: team.teamId, jobId, status: 'completed', ...fields });
  const teamCandidate = (jobId: string, taskId: string, fields: object = {}) =>
    aCandidate(api.database, { teamId: team.teamId, jobId, taskId, ...fields });

  /** A job with one searched target and one candidate. */
  async function aFoundPlanet(fields: object = {}) {
    const job = await teamJob();
    const task = await teamTask(job.id);
    const candidate = await teamCandidate(job.id, task.id, fields);
    return { job, task, candidate };
  }
  async function stored(bytes: Buffer, extension: string) {
    const key = `teams/${team.teamId}/tests/${randomUUID()}`;
    await store.put(`${key}.${extension}`, bytes, 'application/octet-stream');
    return key;
  }

  describe('GET /api/v1/results/{job_id}', () => {
    it('B.6 B.32 shows each candidate with the names and units of the contract', async () => {
      const fit = {
        backend: 'local',
        success: true,
        message: '',
        period_days: { value: 10.001, error: 0.002 },
        t0_bjd: { value: 2455000.5, error: null },
        radius_ratio: { value: 0.02, error: 0.001 },
        impact: { value: 0.3, error: 0.1 },
        axis_ratio: { value: 20, error: 2 },
        duration_hours: { value: 4.1, error: 0.1 },
        depth_ppm: { value: 480, error: 20 },
        inclination_deg: 89.1,
        stellar_density_g_cm3: { value: 1.4, error: null },
        planet_radius_earth: null,
        equilibrium_temperature_k: null,
        limb_darkening: [0.4, 0.2],
        limb_darkening_source: 'Sun',
        chi2: 100,
        degrees_of_freedom: 95,
      };
      const vetting = [
        { test: 'odd_even', value: 1.2, threshold: 3, verdict: 'pass', message: 'Depths agree.' },
      ];
      const aliases = [{ ratio: 2, period_days: 20, snr: 6, verdict: 'Weaker.' }];
      const plots = { phase: 'teams/x/phase', bls: 'teams/x/bls' };
      const { job, candidate } = await aFoundPlanet({ fit, vetting, aliases, plots });

      const { status, body } = await team.get(`/api/v1/results/${job.id}`);

      expect(status).toBe(200);
      expect(body).toMatchObject({ job_id: job.id, status: 'completed', next_cursor: null });
      const [shown] = body.candidates;
      expect(shown).toEqual({
        candidate_id: candidate.id,
        target: 'KIC 1',
        rank: 1,
        period_days: 10,
        t0_bjd: 2_455_000,
        depth_ppm: 500,
        duration_hours: 4,
        snr: 20,
        sde: 12,
        depth_retained: 0.97,
        false_alarm_probability: 1e-4,
        probability: 0.9,
        models: [],
        rl_action: 'accept',
        reasons: ['The probability is 0.90.'],
        flags: {},
        fit,
        vetting,
        aliases,
        plots: { phase: expect.any(String), bls: expect.any(String) },
        provenance: candidate.provenance,
        reviews: [],
      });
    });

    it('B.10 gives URLs of plots that work at once and for 15 minutes', async () => {
      const key = await stored(PNG, 'png');
      const { job } = await aFoundPlanet({ plots: { phase: key } });
      const { body } = await team.get(`/api/v1/results/${job.id}`);
      const url = new URL(body.candidates[0].plots.phase);
      expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
      const answer = await fetch(url);
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
    });

    it('sorts by target and rank, and tells of targets without candidates, too', async () => {
      const job = await teamJob({ status: 'running' });
      const shown = {
        target: 'KIC 2',
        mission: 'Kepler',
        points: 4000,
        baseline_days: 90.5,
        rms_ppm: 80,
        candidates: 2,
        warnings: ['The star is unknown: the Sun is assumed.'],
      };
      const result = { ...shown, report_key: 'secret/key' };
      const two = await teamTask(job.id, { target: 'KIC 2', result });
      const one = await teamTask(job.id, { target: 'KIC 1' });
      const failure = { kind: 'usage', code: 'no-points', message: 'No points.' };
      await teamTask(job.id, { target: 'KIC 3', status: 'failed', failure });
      await teamCandidate(job.id, two.id, { target: 'KIC 2', rank: 2 });
      await teamCandidate(job.id, two.id, { target: 'KIC 2', rank: 1 });
      await teamCandidate(job.id, one.id, { target: 'KIC 1' });

      const { body } = await team.get(`/api/v1/results/${job.id}`);

      const order = body.candidates.map((c: { target: string; rank: number }) => [
        c.target,
        c.rank,
      ]);
      expect(order).toEqual([
        ['KIC 1', 1],
        ['KIC 2', 1],
        ['KIC 2', 2],
      ]);
      expect(body.targets).toMatchObject([
        { target: 'KIC 1', points: 0, status: 'completed' },
        { ...shown, status: 'completed', failure: null },
        { target: 'KIC 3', status: 'failed', failure },
      ]);
      expect(JSON.stringify(body)).not.toContain('secret/key');
    });

    it('filters by decision, probability and target, and shows a single event as it is', async () => {
      const { job, task } = await aFoundPlanet();
      const event = { rank: 2, periodDays: null, rlAction: 'human_review', probability: 0.4 };
      await teamCandidate(job.id, task.id, event);
      const ask = async (query: string) =>
        (await team.get(`/api/v1/results/${job.id}?${query}`)).body.candidates.map(
          (c: { rank: number; period_days: number | null }) => [c.rank, c.period_days],
        );
      expect(await ask('rl_action=human_review')).toEqual([[2, null]]);
      expect(await ask('min_probability=0.5')).toEqual([[1, 10]]);
      expect(await ask('target=KIC%209')).toEqual([]);
      expect((await team.get(`/api/v1/results/${job.id}?min_probability=2`)).status).toBe(422);
    });

    it('comes in pages where there is much', async () => {
      const { job, task } = await aFoundPlanet();
      for (const rank of [2, 3, 4, 5]) await teamCandidate(job.id, task.id, { rank });
      const ranks: number[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query: string = cursor && `&cursor=${cursor}`;
        const { body } = await team.get(`/api/v1/results/${job.id}?limit=2${query}`);
        ranks.push(...body.candidates.map((c: { rank: number }) => c.rank));
        cursor = body.next_cursor;
      }
      expect(ranks).toEqual([1, 2, 3, 4, 5]);
      const stale = await team.get(`/api/v1/results/${job.id}?cursor=${randomUUID()}`);
      expect([stale.status, stale.body.type]).toEqual([409, '/problems/stale-cursor']);
    });

    it('exports all candidates as CSV', async () => {
      const { job, task, candidate } = await aFoundPlanet();
      await teamCandidate(job.id, task.id, { rank: 2, t0Bjd: 2454964.123456 });
      await team.post(`/api/v1/candidates/${candidate.id}/review`, { decision: 'planet' });
      const { status, headers, body } = await team.get(`/api/v1/results/${job.id}/candidates.csv`);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      expect(headers.get('content-disposition')).toContain(`candidates-${job.id}.csv`);
      expect(parse(body, { columns: true })).toMatchObject([
        { candidate_id: candidate.id, rank: '1', period_days: '10', review: 'planet' },
        { rank: '2', t0_bjd: '2454964.123456', review: '' },
      ]);
    });
  });

  describe('GET /api/v1/report/{job_id}', () => {
    it('B.7 B.19 sends the PDF of the job, or of one target', async () => {
      const whole = await stored(PDF, 'pdf');
      const onePage = await stored(Buffer.from('%PDF-1.7 one page'), 'pdf');
      const job = await teamJob({ reportKey: `${whole}.pdf` });
      await teamTask(job.id, { target: 'KIC 1', result: { report_key: `${onePage}.pdf` } });
      await teamTask(job.id, { target: 'KIC 2' });
      const report = await team.get(`/api/v1/report/${job.id}`);
      expect([report.status, report.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      expect(report.headers.get('content-length')).toBe(String(PDF.length));
      expect(report.body).toBe('%PDF-1.7 a report');
      const page = await team.get(`/api/v1/report/${job.id}?target=KIC%201`);
      expect(page.body).toBe('%PDF-1.7 one page');
      const missing = await team.get(`/api/v1/report/${job.id}?target=KIC%202`);
      expect([missing.status, missing.body.type]).toEqual([409, '/problems/report-not-ready']);
      expect((await team.get(`/api/v1/report/${job.id}?target=KIC%209`)).status).toBe(404);
    });

    it('takes the page of the only target for the whole', async () => {
      const key = await stored(PDF, 'pdf');
      const answers = [];
      for (const tasksTotal of [1, 2]) {
        const job = await teamJob({ tasksTotal });
        await teamTask(job.id, { result: { report_key: `${key}.pdf` } });
        answers.push(await team.get(`/api/v1/report/${job.id}`));
      }
      expect(answers[0].body).toBe('%PDF-1.7 a report');
      expect(answers[1].status).toBe(409); // one page of several
    });

    it('waits for the report of a job that has just ended', async () => {
      const key = await stored(PDF, 'pdf');
      const job = await teamJob({ finishedAt: new Date() });
      await teamTask(job.id, { target: 'KIC 1' });
      await teamTask(job.id, { target: 'KIC 2' });
      const asked = team.get(`/api/v1/report/${job.id}`);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await api.database.job.update({
        where: { id: job.id },
        data: { reportKey: `${key}.pdf` },
      });
      expect((await asked).status).toBe(200);
    });

    it('says why there is none', async () => {
      const running = await teamJob({ status: 'running' });
      const failed = await teamJob({ status: 'failed', finishedAt: new Date() });
      const asked = await Promise.all(
        [running, failed].map(({ id }) => team.get(`/api/v1/report/${id}`)),
      );
      expect(asked.map(({ status, body }) => [status, body.detail])).toEqual([
        [409, 'The job has no report yet: it is written when the search is done.'],
        [409, 'The job has no report, because the job is failed.'],
      ]);
      expect(asked[0].headers.get('retry-after')).toBe('5');
    });
  });

  describe('GET /api/v1/plots/{candidate_id}/{name}', () => {
    it('B.18 sends a plot as PNG or SVG, and lets no SVG run anything', async () => {
      const key = await stored(PNG, 'png');
      await store.put(`${key}.svg`, SVG, 'image/svg+xml');
      const { candidate } = await aFoundPlanet({ plots: { phase: key } });
      const png = await team.get(`/api/v1/plots/${candidate.id}/phase.png`);
      expect([png.status, png.headers.get('content-type')]).toEqual([200, 'image/png']);
      expect(png.headers.get('cache-control')).toContain('private');
      const svg = await team.get(`/api/v1/plots/${candidate.id}/phase.svg`);
      expect(svg.headers.get('content-type')).toBe('image/svg+xml');
      expect(svg.headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      );
      expect(svg.headers.get('x-content-type-options')).toBe('nosniff');
      expect(svg.body).toBe(SVG.toString());
    });

    it('knows five plots and two formats, and says which one is not there', async () => {
      const { candidate } = await aFoundPlanet({ plots: { phase: 'teams/gone' } });
      const path = `/api/v1/plots/${candidate.id}`;
      for (const file of ['phase.gif', 'other.png', 'phase', '..%2Fphase.png']) {
        expect([file, (await team.get(`${path}/${file}`)).status]).toEqual([file, 422]);
      }
      expect((await team.get(`${path}/phase.png`)).status).toBe(404); // not in the store
      expect((await team.get(`${path}/bls.png`)).status).toBe(404); // never drawn
    });
  });

  describe('candidates', () => {
    it('are a queue for review over all jobs', async () => {
      const reviewing = await aLoggedInTeam(api);
      const own = { teamId: reviewing.teamId };
      const job = await aJob(api.database, own);
      const task = await aTask(api.database, { ...own, jobId: job.id });
      const ids: string[] = [];
      for (const rank of [1, 2, 3]) {
        const of = { ...own, jobId: job.id, taskId: task.id, rank, rlAction: 'human_review' };
        const at = { createdAt: new Date(Date.UTC(2026, 0, rank)) };
        ids.push((await aCandidate(api.database, { ...of, ...at })).id);
      }
      await reviewing.post(`/api/v1/candidates/${ids[1]}/review`, { decision: 'planet' });

      const ask = async (query: string) =>
        (await reviewing.get(`/api/v1/candidates?${query}`)).body;
      const idsOf = (body: { items: { candidate_id: string }[] }) =>
        body.items.map((item) => item.candidate_id);
      const first = await ask('rl_action=human_review&limit=2');
      expect(idsOf(first)).toEqual([ids[2], ids[1]]);
      expect(first.items[1]).toMatchObject({ job_id: job.id, reviews: [{ decision: 'planet' }] });
      expect(idsOf(await ask(`limit=2&cursor=${first.next_cursor}`))).toEqual([ids[0]]);
      expect(idsOf(await ask('reviewed=false'))).toEqual([ids[2], ids[0]]);
      expect(idsOf(await ask('reviewed=true'))).toEqual([ids[1]]);
      expect(idsOf(await ask('rl_action=accept'))).toEqual([]);
    });

    it('are reviewed by every role, the newest review first', async () => {
      const { candidate } = await aFoundPlanet();
      const path = `/api/v1/candidates/${candidate.id}`;
      const reviewer = await aLoggedInMember(api, team, 'reviewer');
      const first = await team.post(`${path}/review`, { decision: 'unsure' });
      const second = await reviewer.post(`${path}/review`, {
        decision: 'false_positive',
        note: ' A secondary eclipse. ',
      });
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.body).toEqual({
        id: expect.any(String),
        decision: 'false_positive',
        note: 'A secondary eclipse.',
        reviewer: reviewer.email,
        created_at: expect.any(String),
      });
      const listed = await team.get(`${path}/reviews`);
      expect(listed.body).toEqual({ items: [second.body, first.body], next_cursor: null });
      expect((await team.get(path)).body.reviews).toEqual([second.body, first.body]);
      expect((await team.post(`${path}/review`, { decision: 'maybe' })).status).toBe(422);
    });
  });

  it('answers another team as if there were nothing', async () => {
    const { job, candidate } = await aFoundPlanet();
    const paths = [
      `/api/v1/results/${job.id}`,
      `/api/v1/results/${job.id}/candidates.csv`,
      `/api/v1/report/${job.id}`,
      `/api/v1/candidates/${candidate.id}`,
      `/api/v1/candidates/${candidate.id}/reviews`,
      `/api/v1/plots/${candidate.id}/phase.png`,
      `/api/v1/compare?job_a=${job.id}&job_b=${job.id}`,
    ];
    for (const path of paths) expect([path, (await others.get(path)).status]).toEqual([path, 404]);
    const review = await others.post(`/api/v1/candidates/${candidate.id}/review`, {
      decision: 'planet',
    });
    expect(review.status).toBe(404);
    expect(await api.database.review.count({ where: { candidateId: candidate.id } })).toBe(0);
    const listed = await others.get('/api/v1/candidates');
    expect(listed.body.items).toEqual([]);
    for (const path of paths) expect((await call(api, 'GET', path)).status).toBe(401);
  });
});
