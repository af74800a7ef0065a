import { z } from 'zod';
import { jobResults, jobState } from './job.js';
import { problem } from './problem.js';
import { type Domain, request } from './wire.js';

/** What a client may say on a socket. `task_id` is a job's id; `after`: replay what came later. */
export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({
    type: z.literal('subscribe_task'),
    task_id: z.uuid(),
    after: z.number().int().min(0).optional(),
  }),
  z.strictObject({ type: z.literal('unsubscribe_task'), task_id: z.uuid() }),
]);
export type ClientMessage = Domain<z.output<typeof clientMessage>>;

export const progressEvent = z.object({
  type: z.literal('progress'),
  task_id: z.uuid(),
  seq: z.number().int(),
  status: jobState,
  progress: z.number(),
  stage: z.string(),
  message: z.string(),
  epoch: z.number().int().optional().describe('Of a training: trees, rounds, trials or folds'),
  total_epochs: z.number().int().optional(),
  metrics: z.record(z.string(), z.number()).optional().describe('Of rows that are not learnt from'),
});

export const completeEvent = z.object({
  type: z.literal('complete'),
  task_id: z.uuid(),
  seq: z.number().int(),
  progress: z.literal(100),
  results: jobResults,
  message: z.string().optional(),
});

export const failedEvent = z.object({
  type: z.literal('failed'),
  task_id: z.uuid(),
  seq: z.number().int(),
  problem,
});

export const jobEvent = z.discriminatedUnion('type', [progressEvent, completeEvent, failedEvent]);
export type JobEvent = Domain<z.output<typeof jobEvent>>;

export const watchEvents = request(
  z.strictObject({
    after: z.coerce.number().int().min(0).optional().describe('Same as `Last-Event-ID`'),
    access_token: z.string().max(4096).optional().describe('Where no header can be set'),
  }),
);
export type WatchEvents = z.output<typeof watchEvents>;

/** Answer to a message that could not be followed; the connection stays. */
export const errorMessage = z.object({
  type: z.literal('error'),
  task_id: z.uuid().optional(),
  problem,
});

/** An event after which nothing more is to be expected, unless a task of the job is replayed. */
export const isFinal = (event: { readonly type: string; readonly status?: string }): boolean =>
  event.type !== 'progress' || ['completed', 'failed', 'cancelled'].includes(event.status ?? '');

/** Redis channel on which a job's new events are announced. The events are in PostgreSQL. */
export const jobChannel = (jobId: string): string => `job_${jobId}`;
