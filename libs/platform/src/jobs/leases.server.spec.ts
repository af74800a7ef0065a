import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PrismaDatabase } from '#platform/prisma';
import { createTestDatabase } from '../../../../test/support/database.js';
import { aDetection, aTraining, aValidation } from '../../../../test/support/job-rows.js';
import { aTeam } from '../../../../test/support/rows.js';
import {
  type HeartbeatAnswer,
  type Lease,
  LeaseLostError,
  Leases,
  silentAnnouncer,
} from './index.js';

const OPTIONS = {
  leaseSeconds: 30,
  maxAttempts: 3,
  retryBackoffSeconds: 60,
  eventIntervalSeconds: 0,
};

let database: PrismaDatabase;
let drop: () => Promise<void>;
let leases: Leases;
let teamId: string;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  teamId = (await aTeam(database)).id;
});
afterAll(() => drop());
beforeEach(() => {
  leases = new Leases(database, OPTIONS, silentAnnouncer);
});

const taskRow = (id: string) => database.task.findUniqueOrThrow({ where: { id } });
const jobRow = (id: string) => database.job.findUniqueOrThrow({ where: { id } });
const outboxOf = (taskId: string) => database.outboxMessage.findMany({ where: { taskId } });
const eventsOf = async (jobId: string) =>
  (await database.jobEvent.findMany({ where: { jobId }, orderBy: { seq: 'asc' } })).map(
    (event) => event.body as Record<string, unknown>,
  );
const claim = async (taskId: string, owner = 'worker-a'): Promise<Lease> => {
  const claimed = await leases.claim(taskId, owner);
  if (!claimed) throw new Error(`Task ${taskId} could not be claimed`);
  return claimed.lease;
};
/** As if its worker had been silent for longer than a lease lasts. */
const expire = (taskId: string) =>
  database.task.update({
    where: { id: taskId },
    data: { leaseExpiresAt: new Date(Date.now() - 1000) },
  });
const nothing = async () => undefined;
const waitingForLocks = async ({ pool }: PrismaDatabase): Promise<number> => {
  const { rows } = await pool.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0].waiting;
};

describe('a claim', () => {
  it('goes to one of many who ask at the same time', async () => {
    const { taskIds } = await aDetection(database, teamId);
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((owner) => leases.claim(taskIds[0], owner)),
    );
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
  });

  it('hands over what the worker needs, and starts the job', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId, { params: { seed: 4 } });
    const claimed = await leases.claim(taskIds[0], 'worker-a');
    expect(claimed).toMatchObject({
      lease: { taskId: taskIds[0], jobId, owner: 'worker-a', attempt: 1 },
      teamId,
      kind: 'detection',
      target: 'TIC 1',
      params: { seed: 4 },
      requestId: 'request-1',
    });
    expect((await jobRow(jobId)).status).toBe('running');
    expect((await eventsOf(jobId)).at(-1)).toMatchObject({ seq: 2, status: 'running' });
  });

  it('is refused while another worker holds the task', async () => {
    const { taskIds } = await aDetection(database, teamId);
    await claim(taskIds[0]);
    expect(await leases.claim(taskIds[0], 'worker-b')).toBeNull();
  });

  it('is granted, with the next number, when the lease before ran out', async () => {
    const { taskIds } = await aDetection(database, teamId);
    await claim(taskIds[0]);
    await expire(taskIds[0]);
    expect(await claim(taskIds[0], 'worker-b')).toMatchObject({ attempt: 2, owner: 'worker-b' });
    expect((await taskRow(taskIds[0])).failures).toBe(1);
  });

  it('is refused before the back-off of a retry is over', async () => {
    const { taskIds } = await aDetection(database, teamId);
    const lease = await claim(taskIds[0]);
    await leases.fail(lease, { kind: 'transient', code: 'storage', message: 'No answer' });
    expect(await leases.claim(taskIds[0], 'worker-b')).toBeNull();
    await database.task.update({ where: { id: taskIds[0] }, data: { notBefore: new Date(0) } });
    expect(await claim(taskIds[0], 'worker-b')).toMatchObject({ attempt: 2 });
  });
});

describe('a worker that lost its lease', () => {
  const lost = async () => {
    const { jobId, taskIds } = await aDetection(database, teamId);
    const old = await claim(taskIds[0], 'worker-a');
    await expire(taskIds[0]);
    const current = await claim(taskIds[0], 'worker-b');
    return { jobId, taskId: taskIds[0], old, current };
  };

  it('cannot write a result: nothing of what it found is stored', async () => {
    const { taskId, jobId, old } = await lost();
    const write = async (client: {
      query: (sql: string, values: unknown[]) => Promise<unknown>;
    }) => {
      await client.query(`UPDATE jobs SET message = 'written too late' WHERE id = $1`, [jobId]);
    };
    await expect(leases.complete(old, write, {})).rejects.toThrow(LeaseLostError);
    expect(await taskRow(taskId)).toMatchObject({ status: 'running', leaseOwner: 'worker-b' });
    expect((await jobRow(jobId)).message).not.toBe('written too late');
  });

  it('cannot fail the task, nor hand it back', async () => {
    const { taskId, old } = await lost();
    const failure = { kind: 'fatal', code: 'late', message: 'Late' } as const;
    await expect(leases.fail(old, failure)).rejects.toThrow(LeaseLostError);
    await expect(leases.handBack(old)).rejects.toThrow(LeaseLostError);
    expect(await taskRow(taskId)).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('does not renew by heartbeat, and is told', async () => {
    const { old, current } = await lost();
    const beat = (lease: Lease) => ({ lease, progress: 50, stage: 'search', message: '' });
    expect(await leases.heartbeat([beat(old)])).toEqual({ lost: [old], cancelled: [] });
    expect(await leases.heartbeat([beat(current)])).toEqual({ lost: [], cancelled: [] });
  });

  it('is lost also to the same worker, one attempt later', async () => {
    const { taskIds } = await aDetection(database, teamId);
    const first = await claim(taskIds[0], 'worker-a');
    await expire(taskIds[0]);
    await claim(taskIds[0], 'worker-a');
    await expect(leases.complete(first, nothing, {})).rejects.toThrow(LeaseLostError);
    const beat = { lease: first, progress: 50, stage: 'search', message: '' };
    expect(await leases.heartbeat([beat])).toEqual({ lost: [first], cancelled: [] });
  });
});

describe('a heartbeat', () => {
  it('renews every lease and shows the progress of the job', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId, { targets: 2 });
    const held = [await claim(taskIds[0]), await claim(taskIds[1])];
    await Promise.all(taskIds.map(expire));
    await leases.heartbeat([
      { lease: held[0], progress: 50, stage: 'search', message: 'Searching' },
      { lease: held[1], progress: 10, stage: 'detrend', message: 'Detrending' },
    ]);
    const [task] = await Promise.all(taskIds.map(taskRow));
    expect(task).toMatchObject({ progress: 50, stage: 'search' });
    expect(task.leaseExpiresAt!.getTime()).toBeGreaterThan(Date.now() + 20_000);
    expect(await jobRow(jobId)).toMatchObject({
      progress: 30,
      stage: 'detrend',
      status: 'running',
    });
  });

  it('tells of progress at most once per interval', async () => {
    leases = new Leases(database, { ...OPTIONS, eventIntervalSeconds: 3600 }, silentAnnouncer);
    const { jobId, taskIds } = await aDetection(database, teamId);
    const lease = await claim(taskIds[0]);
    const before = (await eventsOf(jobId)).length;
    for (const progress of [10, 20, 30]) {
      await leases.heartbeat([{ lease, progress, stage: 'search', message: '' }]);
    }
    const told = (await eventsOf(jobId)).slice(before);
    expect(told.map((event) => event.progress)).toEqual([10]);
    expect((await taskRow(taskIds[0])).progress).toBe(30);
  });

  it('D.20 D.21 tells of epochs and metrics where there are any, and at last what was found', async () => {
    const { jobId, taskIds } = await aTraining(database, teamId);
    const lease = await claim(taskIds[0]);
    const epochs = { epoch: 40, total_epochs: 100, metrics: { accuracy: 0.9 } };
    const beat = { lease, progress: 40, stage: 'fit', message: 'Training: 40 of 100' };
    await leases.heartbeat([{ ...beat, epochs }]);
    await leases.heartbeat([{ ...beat, progress: 95, stage: 'store', message: 'Storing' }]);
    await leases.complete(lease, nothing, { accuracy: 0.9, model_path: '/a' });
    const [told, later, complete] = (await eventsOf(jobId)).slice(-3);
    expect(told).toMatchObject({ type: 'progress', message: 'Training: 40 of 100', ...epochs });
    expect(later).not.toHaveProperty('epoch');
    expect(complete).toMatchObject({
      type: 'complete',
      message: '1 of 1 tasks completed',
      results: { status: 'completed', accuracy: 0.9, model_path: '/a' },
    });
  });

  it('says cancelled, not lost, of a task whose cancellation is written while it waits', async () => {
    const { taskIds } = await aDetection(database, teamId);
    const lease = await claim(taskIds[0]);
    const beat = { lease, progress: 10, stage: 'search', message: '' };
    let answer: Promise<HeartbeatAnswer> | undefined;
    await database.inTransaction(async (client) => {
      await client.query(
        `UPDATE tasks SET status = 'cancelled', lease_owner = NULL WHERE id = $1`,
        [lease.taskId],
      );
      answer = leases.heartbeat([beat]);
      await expect.poll(() => waitingForLocks(database)).toBe(1);
    });
    expect(await answer).toEqual({ lost: [], cancelled: [lease] });
  });
});

describe('the end of a task', () => {
  it('B.29 finishes the job with the last one: completed where any was', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId, { targets: 2 });
    const first = await leases.complete(await claim(taskIds[0]), nothing, { points: 3 });
    expect(first).toEqual({ fate: 'completed', jobFinished: false });
    expect(await jobRow(jobId)).toMatchObject({ status: 'running', progress: 50 });
    const usage = { kind: 'usage', code: 'too_short', message: 'Too few points' } as const;
    const last = await leases.fail(await claim(taskIds[1]), usage);
    expect(last).toEqual({ fate: 'failed', jobFinished: true });
    expect(await jobRow(jobId)).toMatchObject({
      status: 'completed',
      progress: 100,
      tasksCompleted: 1,
      tasksFailed: 1,
      message: '1 of 2 tasks failed',
    });
    expect((await eventsOf(jobId)).at(-1)).toMatchObject({
      type: 'complete',
      progress: 100,
      results: { status: 'completed', tasks: { total: 2, completed: 1, failed: 1 }, candidates: 0 },
    });
    expect((await taskRow(taskIds[0])).result).toEqual({ points: 3 });
  });

  it('fails the job where every task failed, with the reason', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId);
    const failure = { kind: 'usage', code: 'too_short', message: 'Too few points' } as const;
    await leases.fail(await claim(taskIds[0]), failure);
    expect(await jobRow(jobId)).toMatchObject({ status: 'failed', tasksFailed: 1 });
    expect((await eventsOf(jobId)).at(-1)).toMatchObject({
      type: 'failed',
      problem: {
        type: '/problems/job-failed',
        status: 422,
        detail: expect.stringContaining('Too few'),
      },
    });
  });

  it('cannot happen twice', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId, { targets: 2 });
    const lease = await claim(taskIds[0]);
    await leases.complete(lease, nothing, {});
    await expect(leases.complete(lease, nothing, {})).rejects.toThrow(LeaseLostError);
    expect((await jobRow(jobId)).tasksCompleted).toBe(1);
    expect(await leases.claim(taskIds[0], 'worker-b')).toBeNull();
  });

  it('stores what it found in the same transaction, or does not end', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId);
    const lease = await claim(taskIds[0]);
    const broken = async () => {
      throw new Error('disk full');
    };
    await expect(leases.complete(lease, broken, {})).rejects.toThrow('disk full');
    expect((await taskRow(taskIds[0])).status).toBe('running');
    expect((await jobRow(jobId)).tasksCompleted).toBe(0);
  });

  it('counts right when many end at the same moment', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId, { targets: 20 });
    const held = await Promise.all(taskIds.map((id) => claim(id)));
    const outcomes = await Promise.all(held.map((lease) => leases.complete(lease, nothing, {})));
    expect(outcomes.filter((outcome) => outcome.jobFinished)).toHaveLength(1);
    expect(await jobRow(jobId)).toMatchObject({ status: 'completed', tasksCompleted: 20 });
    const numbers = (await eventsOf(jobId)).map((event) => event.seq);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });
});

describe('a failed attempt', () => {
  it('is tried again after a wait that doubles, then parked with its reason', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId);
    const failure = { kind: 'transient', code: 'storage', message: 'The store is away' } as const;
    const waits: number[] = [];
    const fates: string[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      const lease = await claim(taskIds[0]);
      await database.outboxMessage.deleteMany({ where: { taskId: taskIds[0] } });
      fates.push((await leases.fail(lease, failure)).fate);
      for (const message of await outboxOf(taskIds[0])) {
        waits.push(Math.round((message.availableAt.getTime() - Date.now()) / 10_000) * 10);
      }
      await database.task.update({ where: { id: taskIds[0] }, data: { notBefore: null } });
    }
    expect(fates).toEqual(['retrying', 'retrying', 'parked']);
    expect(waits).toEqual([60, 120]);
    expect(await taskRow(taskIds[0])).toMatchObject({ status: 'parked', failure, failures: 3 });
    expect((await jobRow(jobId)).status).toBe('failed');
  });

  it('gets a message of its own, although a relay may still hold the one before', async () => {
    const { taskIds } = await aDetection(database, teamId);
    const before = await outboxOf(taskIds[0]);
    const failure = { kind: 'transient', code: 'storage', message: 'Away' } as const;
    await leases.fail(await claim(taskIds[0]), failure);
    expect(await outboxOf(taskIds[0])).toHaveLength(before.length + 1);
  });

  it('is parked at once where it is our fault', async () => {
    const { taskIds } = await aDetection(database, teamId);
    const failure = { kind: 'fatal', code: 'bug', message: 'It broke' } as const;
    expect(await leases.fail(await claim(taskIds[0]), failure)).toMatchObject({ fate: 'parked' });
  });

  it('does not count a hand-over', async () => {
    const { taskIds } = await aDetection(database, teamId);
    await database.outboxMessage.deleteMany({ where: { taskId: taskIds[0] } });
    await leases.handBack(await claim(taskIds[0]));
    expect(await taskRow(taskIds[0])).toMatchObject({ status: 'queued', failures: 0, attempt: 1 });
    expect(await outboxOf(taskIds[0])).toHaveLength(1);
    expect(await claim(taskIds[0], 'worker-b')).toMatchObject({ attempt: 2 });
  });
});

describe('a validation job', () => {
  const judge =
    (fileId: string, status: string) =>
    async (client: { query: (sql: string, values: unknown[]) => Promise<unknown> }) => {
      await client.query('UPDATE dataset_files SET status = $2::"FileStatus" WHERE id = $1', [
        fileId,
        status,
      ]);
    };
  const verdict = async (datasetId: string) =>
    (await database.dataset.findUniqueOrThrow({ where: { id: datasetId } })).status;

  it('C.2 makes the dataset valid with its last file', async () => {
    const files = [{ filename: 'a.fits' }, { filename: 'b.fits' }];
    const { datasetId, taskIds, fileIds } = await aValidation(database, teamId, files);
    await leases.complete(await claim(taskIds[0]), judge(fileIds[0], 'valid'), {});
    expect(await verdict(datasetId)).toBe('validating');
    await leases.complete(await claim(taskIds[1]), judge(fileIds[1], 'valid'), {});
    expect(await verdict(datasetId)).toBe('valid');
  });

  it('makes the dataset invalid when one file is', async () => {
    const files = [{ filename: 'a.fits' }, { filename: 'b.fits' }];
    const { datasetId, taskIds, fileIds } = await aValidation(database, teamId, files);
    await leases.complete(await claim(taskIds[0]), judge(fileIds[0], 'invalid'), {});
    await leases.complete(await claim(taskIds[1]), judge(fileIds[1], 'valid'), {});
    expect(await verdict(datasetId)).toBe('invalid');
  });

  it('makes a file invalid whose task gave up, and says why', async () => {
    const { datasetId, taskIds, fileIds } = await aValidation(database, teamId, [
      { filename: 'a.fits' },
    ]);
    const failure = { kind: 'fatal', code: 'bug', message: 'It broke' } as const;
    await leases.fail(await claim(taskIds[0]), failure);
    expect(await verdict(datasetId)).toBe('invalid');
    const file = await database.datasetFile.findUniqueOrThrow({ where: { id: fileIds[0] } });
    expect(file).toMatchObject({
      status: 'invalid',
      issues: [
        {
          severity: 'error',
          code: 'not_validated',
          message: 'The file could not be validated: It broke',
        },
      ],
    });
  });
});
