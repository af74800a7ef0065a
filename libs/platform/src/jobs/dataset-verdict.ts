import type { ClientBase } from 'pg';
import type { JobType } from '#contracts';

/**
 * The verdict over a dataset, in the transaction that ends its validation job: valid when every
 * file is, else invalid. A file whose task gave up or was cancelled was never judged: it is invalid
 * and says so; replaying its task judges it.
 */
export async function settleDataset(
  client: ClientBase,
  job: { readonly id: string; readonly type: JobType; readonly datasetId: string | null },
): Promise<'valid' | 'invalid' | null> {
  if (job.type !== 'validation' || !job.datasetId) return null;
  const reason = `coalesce(t.failure->>'message', 'its validation was cancelled')`;
  await client.query(
    `UPDATE dataset_files f SET status = 'invalid', issues = jsonb_build_array(jsonb_build_object(
       'severity', 'error', 'code', 'not_validated',
       'message', 'The file could not be validated: ' || ${reason}))
     FROM tasks t
     WHERE f.dataset_id = $1 AND f.status NOT IN ('valid', 'invalid')
       AND t.job_id = $2 AND t.payload->>'file_id' = f.id::text`,
    [job.datasetId, job.id],
  );
  const settled = await client.query<{ status: 'valid' | 'invalid' }>(
    `UPDATE datasets SET status = (CASE WHEN EXISTS (
         SELECT 1 FROM dataset_files WHERE dataset_id = $1 AND status <> 'valid'
       ) THEN 'invalid' ELSE 'valid' END)::"DatasetStatus"
     WHERE id = $1 AND status = 'validating'
     RETURNING status`,
    [job.datasetId],
  );
  return settled.rows[0]?.status ?? null;
}

/** Takes the verdict back when a task of the validation is replayed: its file is judged anew. */
export async function reopenDataset(
  client: ClientBase,
  datasetId: string,
  taskId: string,
): Promise<void> {
  await client.query(
    `UPDATE dataset_files f SET status = 'uploaded', issues = '[]'
     FROM tasks t WHERE t.id = $2 AND f.dataset_id = $1 AND t.payload->>'file_id' = f.id::text`,
    [datasetId, taskId],
  );
  await client.query(
    `UPDATE datasets SET status = 'validating' WHERE id = $1 AND status = 'invalid'`,
    [datasetId],
  );
}
