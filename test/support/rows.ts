/** Rows as they are when the story of a test begins; a test names only the fields it is about. */
import { randomUUID } from 'node:crypto';
import { uuid7 } from '#platform/jobs';
import type { PrismaDatabase, Prisma } from '#platform/prisma';

type Row<Input> = Partial<Input>;

export async function aTeam(
  database: PrismaDatabase,
  fields: Row<Prisma.TeamCreateManyInput> = {},
) {
  return database.team.create({
    data: { name: 'Team', storageQuotaBytes: 10n ** 10n, ...fields },
  });
}

export async function aUser(
  database: PrismaDatabase,
  fields: Row<Prisma.UserUncheckedCreateInput> & { teamId: string },
) {
  return database.user.create({
    data: { email: `${randomUUID()}@example.org`, passwordHash: 'x', role: 'owner', ...fields },
  });
}

export async function aDataset(
  database: PrismaDatabase,
  fields: Row<Prisma.DatasetUncheckedCreateInput> & { teamId: string },
) {
  return database.dataset.create({
    data: { name: 'Dataset', kind: 'light_curve', status: 'valid', sizeBytes: 1000n, ...fields },
  });
}

export async function aFile(
  database: PrismaDatabase,
  fields: Row<Prisma.DatasetFileUncheckedCreateInput> & { teamId: string; datasetId: string },
) {
  return database.datasetFile.create({
    data: {
      position: 0,
      filename: 'curve.fits',
      objectKey: `teams/${fields.teamId}/uploads/${randomUUID()}`,
      sizeBytes: 1000n,
      contentType: 'application/fits',
      status: 'valid',
      sha256: 'a'.repeat(64),
      target: 'KIC 1',
      ...fields,
    },
  });
}

export async function aJob(
  database: PrismaDatabase,
  fields: Row<Prisma.JobUncheckedCreateInput> & { teamId: string },
) {
  return database.job.create({ data: { type: 'detection', ...fields } });
}

export async function aTask(
  database: PrismaDatabase,
  fields: Row<Prisma.TaskUncheckedCreateInput> & { teamId: string; jobId: string },
) {
  return database.task.create({
    data: { kind: 'detection', target: 'KIC 1', payload: {}, ...fields },
  });
}

export async function aCandidate(
  database: PrismaDatabase,
  fields: Row<Prisma.CandidateUncheckedCreateInput> & {
    teamId: string;
    jobId: string;
    taskId: string;
  },
) {
  return database.candidate.create({
    data: {
      target: 'KIC 1',
      rank: 1,
      periodDays: 10,
      t0Bjd: 2_455_000,
      depthPpm: 500,
      durationHours: 4,
      snr: 20,
      sde: 12,
      depthRetained: 0.97,
      falseAlarmProbability: 1e-4,
      probability: 0.9,
      rlAction: 'accept',
      reasons: ['The probability is 0.90.'],
      flags: {},
      vetting: [],
      aliases: [],
      plots: {},
      provenance: {
        code_version: '0.1.0',
        inputs: [],
        params: {},
        grid: {},
        seed: 1,
        classifier: 'formula',
      },
      ...fields,
    },
  });
}

/** What happened next to a job: its event and its number, in one transaction as a worker does. */
export async function anEvent(
  database: PrismaDatabase,
  jobId: string,
  body: object = { type: 'progress', status: 'running', progress: 1, stage: 'search', message: '' },
): Promise<number> {
  return database.inTransaction(async (client) => {
    const { rows } = await client.query<{ event_seq: number }>(
      'UPDATE jobs SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq',
      [jobId],
    );
    const seq = rows[0].event_seq;
    await client.query('INSERT INTO job_events (job_id, seq, body) VALUES ($1, $2, $3)', [
      jobId,
      seq,
      JSON.stringify(body),
    ]);
    return seq;
  });
}

/** A model of a team, with one version that is registered; its files are in no store. */
export async function aModelRow(
  database: PrismaDatabase,
  fields: { readonly teamId: string; readonly name: string; readonly metadata: object },
) {
  const { teamId, name, metadata } = fields;
  const model = await database.registeredModel.create({ data: { teamId, name } });
  const { version } = metadata as { version: string };
  const { id: versionId } = await database.modelVersion.create({
    data: { modelId: model.id, version, metadata, createdBy: 'ada', registeredAt: new Date() },
  });
  await database.modelAliasMove.create({
    data: { modelId: model.id, alias: 'latest', versionId, movedBy: 'ada' },
  });
  return { ...model, versionId };
}

/**
 * How many of the tasks have a message for this queue: in the outbox, or with the broker already. A
 * relay moves it from one to the other in one transaction, at any moment.
 */
export async function countMessages(
  database: PrismaDatabase,
  taskIds: readonly string[],
  queue: string,
): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `SELECT count(*)::int FROM tasks t WHERE t.id = ANY($1::uuid[]) AND t.kind::text = $2
       AND (t.published_at IS NOT NULL
            OR EXISTS (SELECT 1 FROM outbox o WHERE o.task_id = t.id AND o.queue = $2))`,
    [taskIds, queue],
  );
  return rows[0].count;
}

/** As many predictions as that, made so many days ago. */
export async function oldPredictions(
  database: PrismaDatabase,
  teamId: string,
  count: number,
  daysAgo: number,
): Promise<void> {
  const madeMs = Date.now() - daysAgo * 24 * 3600 * 1000;
  await database.pool.query(
    `INSERT INTO predictions (id, team_id, model_name, model_version, model_sha256, input_schema,
                              input, output, variant, created_at)
     SELECT id, $1, 'koi-one', '1.0.0', 'x', 'inputs', '{}', '{}', 'champion', $3
     FROM unnest($2::uuid[]) AS made (id)`,
    [teamId, Array.from({ length: count }, () => uuid7(madeMs)), new Date(madeMs)],
  );
}
