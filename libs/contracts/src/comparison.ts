import { z } from 'zod';
import { candidate } from './candidate.js';
import { type Domain, request } from './wire.js';

/** A candidate as two jobs are compared: enough to match and to look it up. */
const comparedCandidate = candidate.pick({
  candidate_id: true,
  target: true,
  period_days: true,
  t0_bjd: true,
  depth_ppm: true,
  snr: true,
  probability: true,
  rl_action: true,
});

export const compareJobs = request(z.strictObject({ job_a: z.uuid(), job_b: z.uuid() }));
export type CompareJobs = z.output<typeof compareJobs>;

const score = z.object({
  true_positives: z.number().int(),
  false_positives: z.number().int(),
  false_negatives: z.number().int(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
});

export const comparison = z.object({
  job_a: z.uuid(),
  job_b: z.uuid(),
  matched: z.array(
    z.object({
      a: comparedCandidate,
      b: comparedCandidate,
      period_difference: z.number().nullable().describe('Relative; null of two single events'),
      epoch_difference_hours: z.number(),
    }),
  ),
  only_a: z.array(comparedCandidate),
  only_b: z.array(comparedCandidate),
  counts: z.object({
    a: z.number().int(),
    b: z.number().int(),
    matched: z.number().int(),
    accepted_a: z.number().int(),
    accepted_b: z.number().int(),
  }),
  labels: z
    .object({ reviewed: z.number().int(), a: score, b: score })
    .nullable()
    .describe("Against the team's reviews; null where nothing was reviewed"),
});
export type Comparison = Domain<z.output<typeof comparison>>;
