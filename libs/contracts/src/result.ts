import { z } from 'zod';
import { action, candidate, leastProbability, provenance, targetName } from './candidate.js';
import { jobState, taskFailure, taskState } from './job.js';
import { type Domain, request } from './wire.js';

export const chooseResults = request(
  z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(1000).describe('Candidates per page'),
    cursor: z.uuid().optional().describe('`next_cursor` of the page before'),
    target: targetName.optional(),
    rl_action: action.optional(),
    min_probability: leastProbability.optional(),
  }),
);
export type ChooseResults = z.output<typeof chooseResults>;

export const chooseReport = request(
  z.strictObject({
    target: targetName.optional().describe('Only the page of this target'),
  }),
);
export type ChooseReport = z.output<typeof chooseReport>;

/** How a curve was detrended: chosen per curve, unless the user gave the window. */
export const detrending = z.object({
  method: z.enum(['biweight', 'median', 'none']),
  window_days: z.number(),
  passes: z.number().int().describe('How often the trend was followed: twice for stars that turn'),
  rotation: z
    .object({
      period_days: z.number(),
      amplitude_ppm: z.number().describe('Semi-amplitude with overtones, before detrending'),
    })
    .nullable()
    .describe("The star's rotation, where the curve shows it"),
  reason: z.string().describe('Why, and which transits are lost, as a sentence'),
});

/** Which planets the search would have found in this very curve, by injection and recovery. */
export const sensitivity = z.object({
  period_edges_days: z.array(z.number()).describe('Edges of the period bins, increasing'),
  radius_ratio_edges: z
    .array(z.number())
    .describe('Edges of the radius bins, planet over star, increasing'),
  radius_edges_earth: z
    .array(z.number())
    .nullable()
    .describe("The same in Earth radii; null where the star's radius is unknown"),
  min_snr: z.number().describe('Threshold of the search'),
  planned: z
    .number()
    .int()
    .describe(
      'Injections of a whole map at most: cells that agree with their neighbours take fewer',
    ),
  injected: z.number().int(),
  interrupted: z
    .boolean()
    .default(false)
    .describe('Cut short, by half of the time that a task has: the cells say how far it came'),
  cells: z.array(
    z.object({
      period_bin: z.number().int().describe('From 0'),
      radius_bin: z.number().int(),
      injected: z.number().int(),
      recovered: z
        .number()
        .int()
        .describe('Found with the period within 1 % and the epoch within half a duration'),
      low: z.number().describe('68 % interval of the share recovered (Wilson)'),
      high: z.number(),
    }),
  ),
  half_radius_ratio: z
    .array(z.number().nullable())
    .describe('Per period bin: where half are found; null where the map does not hold it'),
  half_radius_earth: z.array(z.number().nullable()).nullable(),
});
export type Sensitivity = Domain<z.output<typeof sensitivity>>;

export const targetSummary = z.object({
  target: z.string(),
  mission: z.string(),
  status: taskState,
  points: z.number().int(),
  baseline_days: z.number(),
  rms_ppm: z.number(),
  candidates: z.number().int(),
  detrending: detrending.nullable().default(null).describe('null: not searched yet'),
  sensitivity: sensitivity
    .nullable()
    .default(null)
    .describe('Which planets could have been found; null where it was not measured'),
  provenance: provenance
    .nullable()
    .default(null)
    .describe('What it takes to get the same bytes again; null: not searched yet'),
  warnings: z.array(z.string()),
  failure: taskFailure.nullable(),
});
export type TargetSummary = Domain<z.output<typeof targetSummary>>;

export const results = z.object({
  job_id: z.uuid(),
  status: jobState,
  targets: z.array(targetSummary),
  candidates: z.array(candidate).describe('By target and rank'),
  next_cursor: z.string().nullable().describe('null on the last page of candidates'),
});
export type Results = Domain<z.output<typeof results>>;
