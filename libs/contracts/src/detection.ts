import { z } from 'zod';
import { type Domain, request } from './wire.js';

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
        'signals need and a second allows, at most 20; none on years of data',
    ),
  sensitivity: z
    .enum(['never', 'on_null', 'always'])
    .default('on_null')
    .describe(
      'When to measure by injection and recovery which planets could have been found: on_null takes ' +
        'seconds of a curve in which nothing was found, always up to a minute and a half of every curve',
    ),
  seed: z.number().int().min(0).max(4294967295).default(1).describe('Seed of everything random'),
});
export type DetectionParams = Domain<z.output<typeof detectionParams>>;

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
