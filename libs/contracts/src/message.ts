import { z } from 'zod';

/** Queues of the broker: one per kind of durable work. */
export const queueNames = ['validation', 'detection', 'prediction'] as const;
export type QueueName = (typeof queueNames)[number];

/** Queues of tasks that are on Redis instead, by Bull. */
export const redisQueueNames = ['training'] as const;
export type RedisQueueName = (typeof redisQueueNames)[number];

/** Kinds of work that are done as tasks, whatever carries their messages. */
export const taskKinds = [...queueNames, ...redisQueueNames] as const;
export type TaskKind = (typeof taskKinds)[number];

/**
 * What a queue carries: which task to try. Everything else is read from PostgreSQL, so a message
 * that is lost, late or delivered twice does no harm.
 */
export const taskMessage = z.strictObject({
  task_id: z.uuid(),
  job_id: z.uuid(),
  team_id: z.uuid(),
  request_id: z.string().max(200).nullable(),
});
export type TaskMessage = z.output<typeof taskMessage>;

/** What the rows of tasks carry for their worker, by kind of task. */
export const taskPayload = {
  validation: z.strictObject({ file_id: z.uuid() }),
  detection: z.strictObject({ file_ids: z.array(z.uuid()).min(1).max(10_000) }),
  prediction: z.strictObject({
    model: z.string().max(140),
    /** One answer, one of all models together, or one for each input. */
    asked: z.enum(['one', 'all_models', 'batch']),
    inputs: z
      .array(
        z.union([
          z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
          z.array(z.number()),
        ]),
      )
      .min(1)
      .max(100_000),
    subject: z.string().max(200).optional(),
    return_probabilities: z.boolean(),
  }),
  /** How to train, and what to call the model, is in the job's `params`. */
  training: z.strictObject({
    file_id: z.uuid(),
    dataset_name: z.string(),
    requested_by: z.uuid().describe('The user in whose name the version is registered'),
  }),
} as const;
export type ValidationPayload = z.output<typeof taskPayload.validation>;
export type DetectionPayload = z.output<typeof taskPayload.detection>;
export type PredictionPayload = z.output<typeof taskPayload.prediction>;
export type TrainingPayload = z.output<typeof taskPayload.training>;
