/** Whole jobs, written the way the api writes them; a test names only what it is about. */
import { randomUUID } from 'node:crypto';
import type { DatasetKind } from '#contracts';
import type { PrismaDatabase } from '#platform/prisma';
import { createJob, type NewJob } from '#platform/jobs';

/** A dataset that waits for its validation, with its files and the job that validates them. */
export async function aValidation(
  database: PrismaDatabase,
  teamId: string,
  files: readonly {
    readonly filename: string;
    readonly sizeBytes?: number;
    readonly sha256?: string;
    readonly target?: string;
    readonly objectKey?: string;
  }[],
  kind: DatasetKind = 'light_curve',
): Promise<{ datasetId: string; jobId: string; fileIds: string[]; taskIds: string[] }> {
  const dataset = await database.dataset.create({
    data: {
      teamId,
      name: 'Tests',
      kind,
      status: 'validating',
      sizeBytes: files.reduce((sum, file) => sum + (file.sizeBytes ?? 1), 0),
      files: {
        create: files.map((file, position) => ({
          teamId,
          position,
          filename: file.filename,
          objectKey: file.objectKey ?? `tests/${randomUUID()}`,
          sizeBytes: file.sizeBytes ?? 1,
          contentType: 'application/octet-stream',
          announcedSha256: file.sha256,
          target: file.target,
          status: 'uploaded' as const,
        })),
      },
    },
    include: { files: { orderBy: { position: 'asc' } } },
  });
  const fileIds = dataset.files.map((file) => file.id);
  const { jobId } = await database.inTransaction((client) =>
    createJob(client, {
      teamId,
      datasetId: dataset.id,
      type: 'validation',
      params: {},
      requestId: 'request-1',
      tasks: dataset.files.map((file) => ({
        target: file.filename,
        payload: { file_id: file.id },
      })),
    }),
  );
  await database.dataset.update({ where: { id: dataset.id }, data: { validationJobId: jobId } });
  return { datasetId: dataset.id, jobId, fileIds, taskIds: await taskIdsOf(database, jobId) };
}

/** A detection of `targets` targets, whose files nobody will read. */
export async function aDetection(
  database: PrismaDatabase,
  teamId: string,
  { targets = 1, ...job }: Partial<NewJob> & { targets?: number } = {},
): Promise<{ jobId: string; taskIds: string[] }> {
  const { jobId } = await database.inTransaction((client) =>
    createJob(client, {
      teamId,
      datasetId: null,
      type: 'detection',
      params: {},
      requestId: 'request-1',
      tasks: Array.from({ length: targets }, (_, i) => ({
        target: `TIC ${i + 1}`,
        payload: { file_ids: [randomUUID()] },
      })),
      ...job,
    }),
  );
  return { jobId, taskIds: await taskIdsOf(database, jobId) };
}

/** A training on a table of the team, as `POST /train` writes it. */
export async function aTraining(
  database: PrismaDatabase,
  teamId: string,
  {
    fileId = randomUUID(),
    datasetId = null,
    ...params
  }: { fileId?: string; datasetId?: string | null; [param: string]: unknown } = {},
): Promise<{ jobId: string; taskIds: string[] }> {
  const { jobId } = await database.inTransaction((client) =>
    createJob(client, {
      teamId,
      datasetId,
      type: 'training',
      params: {
        name: 'a-model',
        version: '1.0.0',
        description: 'For tests',
        target_column: 'disposition',
        task_type: 'classification',
        model_config: { selected_model: 'random_forest', n_estimators: 10 },
        ...params,
      },
      requestId: 'request-1',
      tasks: [
        {
          target: 'a-model@1.0.0',
          payload: { file_id: fileId, dataset_name: 'Tests', requested_by: randomUUID() },
        },
      ],
    }),
  );
  return { jobId, taskIds: await taskIdsOf(database, jobId) };
}

/** In the order in which they were given to `createJob`. */
async function taskIdsOf(database: PrismaDatabase, jobId: string): Promise<string[]> {
  const tasks = await database.task.findMany({ where: { jobId }, orderBy: { target: 'asc' } });
  return tasks.map((task) => task.id);
}
