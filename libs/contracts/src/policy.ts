import { z } from 'zod';
import { action } from './candidate.js';
import { type Domain, instant, page, request } from './wire.js';

/** What a policy believes of the reward of one action: a Gaussian over the weights of the context. */
const belief = z.strictObject({
  action,
  mean: z.array(z.number()).min(1).max(64).describe('A weight for each number of the context'),
  factor: z
    .array(z.number())
    .min(1)
    .max(2080)
    .describe('Cholesky factor of the precision, its lower triangle row by row'),
  scale: z.number().positive().describe('Standard deviation of one reward round its mean'),
});

/** A policy that was learnt: frozen, complete, and all that a search needs to decide by it. */
export const learntPolicy = z.strictObject({
  name: z.string().regex(/^learnt-[1-9]\d{0,5}$/, 'Must be learnt-1, learnt-2, ...'),
  context: z.string().max(40).describe('Which numbers of a candidate it looks at, as a version'),
  rewards: z.string().max(40).describe('What each action is worth, as a version'),
  reviews: z.number().int().min(0).describe('Candidates with a review that it was made of'),
  until: z.string().max(40).describe('When the newest of them was written, ISO 8601'),
  beliefs: z.array(belief).length(3).describe('Of accept, reject and human_review'),
  looks: z
    .array(z.number())
    .min(1)
    .max(64)
    .describe('Log odds that the team reviews a candidate: of the context, then the action taken'),
});
export type LearntPolicy = Domain<z.output<typeof learntPolicy>>;

/** What `params.policy` of a search may name. */
export const policyName = z.union([z.literal('thresholds'), learntPolicy.shape.name]);

const interval = z.object({
  value: z.number().describe('Mean reward of a candidate'),
  low: z.number().describe('2.5 % of the bootstrap lie below'),
  high: z.number().describe('2.5 % of the bootstrap lie above'),
});

const policyValue = z.object({
  doubly_robust: interval,
  inverse_propensity: interval.describe('Self-normalised; without a model of the rewards'),
  reviewed_only: z.number().describe('Plain mean over what was reviewed: biased, for comparison'),
  would: z
    .array(
      z.object({
        action,
        planet: z.number(),
        false_positive: z.number(),
        unsure: z.number(),
      }),
    )
    .describe('Reviewed candidates by what it would have done and what the team said; expected'),
});

export const policyEvaluation = z.object({
  candidates: z.number().int().describe('Reviewed or not'),
  reviews: z.object({
    planet: z.number().int(),
    false_positive: z.number().int(),
    unsure: z.number().int(),
  }),
  targets: z.number().int(),
  effective_sample_size: z
    .number()
    .describe('As many reviews of a random sample would say as much (Kish 1965)'),
  hardly_reviewed: z
    .number()
    .describe('Share of the candidates whose like is reviewed less than once in 20 times'),
  learnt: policyValue,
  thresholds: policyValue,
  active: policyValue.nullable().describe('Where another learnt policy was active; else null'),
  against: policyName.describe('The policy that was active'),
  difference: interval.describe('Of the learnt policy to that one, doubly robust'),
});
export type PolicyEvaluation = Domain<z.output<typeof policyEvaluation>>;

export const policy = z.object({
  number: z.number().int(),
  name: z.string(),
  made_at: instant(),
  made_by: z.string().describe('E-mail address'),
  sha256: z.string().describe('Of the body, as canonical JSON'),
  is_active: z.boolean(),
  evaluation: policyEvaluation,
});
export type Policy = Domain<z.output<typeof policy>>;
export const policies = page(policy);

export const policyDetail = policy.extend({
  body: learntPolicy.describe('For `lightfold detect --policy`'),
});
export type PolicyDetail = Domain<z.output<typeof policyDetail>>;

export const activePolicy = z.object({
  policy: policyName,
  history: z
    .array(z.object({ policy: policyName, at: instant(), by: z.string() }))
    .describe('Who switched to what, the newest first; empty: always the thresholds'),
});
export type ActivePolicy = Domain<z.output<typeof activePolicy>>;

export const policyPath = request(
  z.strictObject({ number: z.coerce.number().int().min(1).max(999_999) }),
);
export type PolicyPath = z.output<typeof policyPath>;
