import { z } from 'zod';
import { policyName } from './policy.js';
import { type Domain, request } from './wire.js';

/** With more targets a map of each is made only where it is asked for: it takes ten searches. */
const MOST_TARGETS_MAPPED = 100;

/** What a user may set of a detection; the pipeline's own names and defaults. */
export const detectionParams = z.strictObject({
  min_period_days: z.number().positive().max(1000).default(0.5).describe('Shortest trial period'),
  max_period_days: z
    .number()
    .positive()
    .max(1000)
    .nullable()
    .default(null)
    .describe('Longest trial period; null: half the baseline, at most 500 days'),
  max_planets: z.number().int().min(1).max(20).default(6).describe('Planets sought per target'),
  detrend: z.enum(['biweight', 'median', 'none']).default('biweight'),
  window_days: z
    .number()
    .positive()
    .max(1000)
    .nullable()
    .default(null)
    .describe('Window of the trend; null: from the longest duration searched'),
  method: z.enum(['folding', 'bls']).default('folding').describe('How periods are searched'),
  min_snr: z.number().min(3).max(1000).default(7.1).describe('Weaker signals are not reported'),
  false_alarm_trials: z
    .number()
    .int()
    .refine(
      (trials) => trials === 0 || (trials >= 5 && trials <= 200),
      'Must be 0, or from 5 to 200',
    )
    .nullable()
    .default(null)
    .describe(
      'Scrambled curves searched for the false-alarm probability; 0: none; null: as many as the ' +
        'signals need and seconds allow, at most 10. Above 0.25 a human decides',
    ),
  sensitivity: z
    .enum(['never', 'on_null', 'always'])
    .nullable()
    .default(null)
    .describe(
      'When to measure by injection and recovery which planets could have been found: on_null takes ' +
        'a second or two of a curve in which nothing was found, always up to a minute of every ' +
        `curve; null: on_null for up to ${MOST_TARGETS_MAPPED} targets, never for more`,
    ),
  policy: policyName
    .nullable()
    .default(null)
    .describe(
      'Who decides: thresholds, or a learnt policy that is or was active; null: the active one',
    ),
  seed: z.number().int().min(0).max(4294967295).default(1).describe('Seed of everything random'),
});
export type DetectionParams = Domain<z.output<typeof detectionParams>>;

type MapWhen = 'never' | 'on_null' | 'always';

/** The parameters with what depends on the number of targets filled in. */
export function forTargets<Params extends { sensitivity: MapWhen | null }>(
  params: Params,
  targets: number,
): Params & { sensitivity: MapWhen } {
  const usual = targets <= MOST_TARGETS_MAPPED ? 'on_null' : 'never';
  return { ...params, sensitivity: params.sensitivity ?? usual };
}

export const startDetection = request(
  z.strictObject({
    dataset_id: z.uuid(),
    params: detectionParams
      .refine(
        (params) =>
          params.max_period_days === null || params.max_period_days > params.min_period_days,
        { path: ['max_period_days'], message: 'Must be longer than min_period_days' },
      )
      .prefault({}),
  }),
);
export type StartDetection = z.output<typeof startDetection>;
