import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrismaDatabase } from '#platform/prisma';
import type { Logger } from '#platform/telemetry';
import { createTestDatabase } from '../../../../test/support/database.js';
import { fake } from '../../../../test/support/fake.js';
import { aDetection } from '../../../../test/support/job-rows.js';
import { aCandidate, aTeam } from '../../../../test/support/rows.js';
import { EphemerisMatches } from './ephemeris-matches.js';
import { EphemerisMatchesRepository } from './ephemeris-matches.repository.js';

let database: PrismaDatabase;
let drop: () => Promise<void>;
let matches: EphemerisMatches;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  const logger = fake<Logger>({ info: () => undefined });
  matches = new EphemerisMatches(new EphemerisMatchesRepository(database), logger);
});
afterAll(() => drop());

/** A deep eclipsing star, its diluted copy, a planet of another period, and a single event. */
async function aDoneJob(status: 'completed' | 'running' = 'completed') {
  const team = await aTeam(database);
  const { jobId, taskIds } = await aDetection(database, team.id, { targets: 4 });
  await database.task.updateMany({
    where: { jobId },
    data: { status: 'completed', result: { baseline_days: 90 } },
  });
  await database.job.update({ where: { id: jobId }, data: { status } });
  const add = (index: number, fields: object) =>
    aCandidate(database, {
      teamId: team.id,
      jobId,
      taskId: taskIds[index],
      target: `TIC ${index + 1}`,
      ...fields,
    });
  await add(0, { depthPpm: 60_000, periodDays: 5, rlAction: 'reject' });
  const copy = await add(1, { depthPpm: 600, periodDays: 5.0001, flags: { shape: false } });
  await add(2, { depthPpm: 700, periodDays: 7.3 });
  await add(3, { depthPpm: 700, periodDays: null, rlAction: 'human_review' });
  return { jobId, copyId: copy.id };
}

const rowsOf = (jobId: string) =>
  database.candidate.findMany({ where: { jobId }, orderBy: { target: 'asc' } });

describe('ephemeris matches of a job', () => {
  it('B.26 rejects the copy of an eclipsing star with its reason, and touches nothing else', async () => {
    const { jobId, copyId } = await aDoneJob();
    const before = await rowsOf(jobId);
    await matches.apply(jobId);
    const after = await rowsOf(jobId);
    const copy = after.find(({ id }) => id === copyId)!;
    expect(copy.rlAction).toBe('reject');
    expect(copy.flags).toEqual({ shape: false, ephemeris_match: true });
    expect(copy.reasons).toEqual([
      expect.stringMatching(/^The eclipses of another star: candidate 1 of TIC 1 is 100\.0 times/),
      'The probability is 0.90.',
    ]);
    expect(copy.vetting).toEqual([
      expect.objectContaining({ test: 'ephemeris_match', verdict: 'fail', threshold: 1e-3 }),
    ]);
    const others = (rows: typeof after) => rows.filter(({ id }) => id !== copyId);
    expect(others(after)).toEqual(others(before));
  });

  it('says it once, however often and by however many workers it is asked', async () => {
    const { jobId } = await aDoneJob();
    await Promise.all([matches.apply(jobId), matches.apply(jobId), matches.apply(jobId)]);
    const once = await rowsOf(jobId);
    await matches.apply(jobId);
    expect(await rowsOf(jobId)).toEqual(once);
    expect(once.flatMap(({ vetting }) => vetting as object[])).toHaveLength(1);
  });

  it('waits for the end of the job', async () => {
    const { jobId } = await aDoneJob('running');
    const before = await rowsOf(jobId);
    await matches.apply(jobId);
    expect(await rowsOf(jobId)).toEqual(before);
  });
});
