import { z } from 'zod';
import { type Domain, instant, page, pageQuery, request } from './wire.js';

export const jobType = z.enum(['validation', 'detection', 'prediction', 'training', 'report']);
export type JobType = z.output<typeof jobType>;

export const jobState = z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']);
export type JobState = z.output<typeof jobState>;

export const jobAccepted = z.object({ job_id: z.uuid(), status: z.literal('queued') });
export type JobAccepted = Domain<z.output<typeof jobAccepted>>;

export const taskFailure = z.object({
  kind: z.enum(['usage', 'transient', 'fatal']).describe('Who can mend it: you, time, or us'),
  code: z.string(),
  message: z.string(),
});
export type TaskFailure = Domain<z.output<typeof taskFailure>>;

export const job = z.object({
  job_id: z.uuid(),
  type: jobType,
  dataset_id: z.uuid().nullable(),
  status: jobState,
  progress: z.number().min(0).max(100),
  stage: z.string(),
  message: z.string(),
  tasks: z.object({
    total: z.number().int(),
    completed: z.number().int(),
    failed: z.number().int(),
  }),
  params: z.record(z.string(), z.unknown()),
  seq: z.number().int().describe('Number of its newest event'),
  created_at: instant(),
  updated_at: instant(),
  finished_at: instant().nullable(),
});
export type Job = Domain<z.output<typeof job>>;
export const jobs = page(job);

/** What a job came to, as its last event tells it: counts of a search, the model of a training. */
export const jobResults = z.record(z.string(), z.unknown());

export const jobDetail = job.extend({
  results: jobResults.nullable().describe('null: it has not completed'),
});
export type JobDetail = Domain<z.output<typeof jobDetail>>;

export const jobId = request(z.object({ job_id: z.uuid() }));
export type JobId = z.output<typeof jobId>;

export const watchJob = request(
  z.strictObject({
    wait_seconds: z.coerce
      .number()
      .min(0)
      .max(30)
      .default(0)
      .describe('Answer only when something has changed, or after so many seconds'),
    after: z.coerce
      .number()
      .int()
      .min(0)
      .optional()
      .describe('`seq` of the answer before: wait for a newer event; without it, for the end'),
  }),
);
export type WatchJob = z.output<typeof watchJob>;

export const listJobs = request(
  z.strictObject({
    ...pageQuery,
    status: jobState.optional(),
    type: jobType.optional(),
    dataset_id: z.uuid().optional(),
  }),
);
export type ListJobs = z.output<typeof listJobs>;

export const taskState = z.enum([
  'queued',
  'running',
  'completed',
  'failed',
  'parked',
  'cancelled',
]);
export type TaskState = z.output<typeof taskState>;

/** One task of a job. `parked`: given up after its attempts, kept with its reason, replayable. */
export const task = z.object({
  task_id: z.uuid(),
  job_id: z.uuid(),
  kind: jobType,
  target: z.string(),
  status: taskState,
  progress: z.number(),
  stage: z.string(),
  message: z.string(),
  attempt: z.number().int(),
  failure: taskFailure.nullable(),
  result: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('Of a prediction: what `POST /predict` or `/predict/batch` answers'),
  created_at: instant(),
  updated_at: instant(),
});
export type Task = Domain<z.output<typeof task>>;
export const tasks = page(task);

export const taskId = request(z.object({ task_id: z.uuid() }));
export type TaskId = z.output<typeof taskId>;

export const listTasks = request(z.strictObject({ ...pageQuery, status: taskState.optional() }));
export type ListTasks = z.output<typeof listTasks>;
