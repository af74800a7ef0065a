import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrismaDatabase } from '#platform/prisma';
import { createTestDatabase } from '../../../../test/support/database.js';
import { aDetection } from '../../../../test/support/job-rows.js';
import { aTeam } from '../../../../test/support/rows.js';
import { createJob } from './index.js';

let database: PrismaDatabase;
let drop: () => Promise<void>;
let teamId: string;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  teamId = (await aTeam(database)).id;
});
afterAll(() => drop());

describe('creating a job', () => {
  it('writes the job, its tasks, their messages and the first event', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId, { targets: 3 });
    const job = await database.job.findUniqueOrThrow({ where: { id: jobId } });
    expect(job).toMatchObject({ status: 'queued', tasksTotal: 3, eventSeq: 1 });
    const messages = await database.outboxMessage.findMany({ where: { taskId: { in: taskIds } } });
    expect(messages).toHaveLength(3);
    expect(messages[0]).toMatchObject({
      queue: 'detection',
      payload: { job_id: jobId, team_id: teamId, request_id: 'request-1' },
    });
    const events = await database.jobEvent.findMany({ where: { jobId } });
    expect(events.map(({ body }) => body)).toEqual([
      {
        type: 'progress',
        task_id: jobId,
        seq: 1,
        status: 'queued',
        progress: 0,
        stage: 'queued',
        message: 'Waiting for a worker',
      },
    ]);
  });

  it('leaves nothing behind when its transaction is rolled back', async () => {
    const before = await database.job.count();
    const messages = await database.outboxMessage.count();
    await expect(
      database.inTransaction(async (client) => {
        const type = 'detection' as const;
        const tasks = [{ target: 'TIC 1', payload: {} }];
        await createJob(client, {
          teamId,
          datasetId: null,
          type,
          params: {},
          requestId: null,
          tasks,
        });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await database.job.count()).toBe(before);
    expect(await database.outboxMessage.count()).toBe(messages);
  });

  it('takes 20,000 tasks within seconds', async () => {
    const started = performance.now();
    const { jobId } = await aDetection(database, teamId, { targets: 20_000 });
    expect((performance.now() - started) / 1000).toBeLessThan(10);
    expect(await database.task.count({ where: { jobId } })).toBe(20_000);
    await database.job.delete({ where: { id: jobId } });
    await database.outboxMessage.deleteMany();
  });

  it('refuses a job without tasks, which could never end', async () => {
    await expect(aDetection(database, teamId, { tasks: [] })).rejects.toThrow(RangeError);
  });
});
