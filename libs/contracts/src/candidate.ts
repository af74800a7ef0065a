import { z } from 'zod';
import { type Domain, instant, page, pageQuery, request } from './wire.js';

export const action = z.enum(['accept', 'reject', 'human_review']);
export type Action = z.output<typeof action>;

export const estimate = z.object({
  value: z.number().nullable().describe('null where it cannot be known'),
  error: z.number().nullable().describe('One sigma; null where the data do not constrain it'),
});

/** Added to results that may be older. */
const laterEstimate = estimate.nullable().default(null);
const laterError = z
  .number()
  .nullable()
  .default(null)
  .describe('One sigma; null where the data do not constrain it');

const oneFit = z.object({
  backend: z.string(),
  success: z.boolean(),
  message: z.string(),
  joint: z
    .boolean()
    .default(false)
    .describe(
      'Whether all planets of the star were fitted together, on the same points, with one stellar density',
    ),
  period_days: estimate,
  t0_bjd: estimate,
  radius_ratio: estimate,
  impact: estimate,
  axis_ratio: estimate,
  duration_hours: estimate.describe('First to fourth contact'),
  full_duration_hours: estimate
    .nullable()
    .default(null)
    .describe(
      'Second to third contact; 0 for a grazing transit, null in results of before 2026-11',
    ),
  depth_ppm: estimate,
  inclination_deg: z.number(),
  inclination_error_deg: laterError,
  stellar_density_g_cm3: estimate,
  planet_radius_earth: estimate.nullable(),
  semi_major_axis_au: laterEstimate.describe("a/R* times the star's radius; null where unknown"),
  insolation_earth: laterEstimate.describe(
    "Stellar flux at the planet, the Earth's is 1; null where the star's temperature is unknown",
  ),
  equilibrium_temperature_k: z
    .number()
    .nullable()
    .describe("Zero albedo, full redistribution; null where the star's temperature is unknown"),
  equilibrium_temperature_error_k: laterError,
  limb_darkening: z.array(z.number()),
  limb_darkening_source: z.string(),
  chi2: z.number(),
  degrees_of_freedom: z.number().int(),
});

export const fit = oneFit.extend({
  compared: oneFit
    .nullable()
    .default(null)
    .describe('What another backend made of the same points, where two are compared'),
});

export const vettingTest = z.object({
  test: z.string(),
  value: z.number().nullable(),
  threshold: z.number(),
  verdict: z.enum(['pass', 'warn', 'fail', 'not_computable']),
  message: z.string(),
});

const modelUsed = z.object({
  name: z.string(),
  version: z.string(),
  sha256: z.string().describe('Of the graph that was run'),
});

export const provenance = z.object({
  code_version: z.string(),
  runtime: z.string().optional().describe('What ran it: it decides on the last digit'),
  inputs: z.array(z.object({ filename: z.string(), sha256: z.string() })),
  params: z.record(z.string(), z.unknown()),
  grid: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  classifier: z.string().describe('A model as name@version, or "formula ..." without models'),
  models: z.array(modelUsed).default([]).describe('All models that had a say, the classifier last'),
  policy: z
    .object({
      name: z.string(),
      sha256: z
        .string()
        .nullable()
        .describe('Of a learnt policy; null: thresholds of this version'),
    })
    .optional()
    .describe('What decided; left out in results of before 2026-12'),
});
export type Provenance = Domain<z.output<typeof provenance>>;

/** What a decision was made of: enough to judge other policies by it later. */
export const decidedBy = z.object({
  policy: z.string(),
  probabilities: z.record(z.string(), z.number()).describe('Of each action'),
  thresholds: action.describe('What the thresholds say of it'),
  may_accept: z.boolean().describe('false: no policy may accept it'),
  context_version: z.string(),
  context: z.record(z.string(), z.number()).describe('What a policy that learns looks at'),
});
export type DecidedBy = Domain<z.output<typeof decidedBy>>;

export const plotName = z.enum(['phase', 'bls', 'odd_even', 'secondary', 'light_curve']);
export type PlotName = z.output<typeof plotName>;

export const reviewDecision = z.enum(['planet', 'false_positive', 'unsure']);
export type ReviewDecision = z.output<typeof reviewDecision>;

export const review = z.object({
  id: z.uuid(),
  decision: reviewDecision,
  note: z.string().nullable(),
  reviewer: z.string().describe('E-mail address'),
  created_at: instant(),
});
export type Review = Domain<z.output<typeof review>>;
export const reviews = page(review);
export const createReview = request(
  z.strictObject({
    decision: reviewDecision,
    note: z.string().trim().max(4000).optional(),
  }),
);
export type CreateReview = z.output<typeof createReview>;

export const candidate = z.object({
  candidate_id: z.uuid(),
  target: z.string(),
  rank: z.number().int(),
  period_days: z.number().nullable().describe('null: a single event, whose period is unknown'),
  t0_bjd: z.number().describe('Mid-time of the first transit in the data, BJD_TDB'),
  depth_ppm: z.number(),
  duration_hours: z.number(),
  snr: z.number(),
  sde: z.number(),
  probability: z.number().min(0).max(1).describe('Of a planet'),
  models: z
    .array(modelUsed.extend({ probability: z.number().min(0).max(1) }))
    .default([])
    .describe('What each model said; the last one is the probability'),
  rl_action: action,
  reasons: z.array(z.string()),
  decided_by: decidedBy.optional().describe('Left out in results of before 2026-12'),
  flags: z.record(z.string(), z.boolean()).describe('One per vetting test: true where it failed'),
  fit: fit.nullable(),
  vetting: z.array(vettingTest),
  depth_retained: z
    .number()
    .nullable()
    .describe(
      'Part of the depth that detrending before the search kept of this shape, measured by injection; ' +
        'depth, snr and fit are of a curve whose trend ignores the transits. null: not measurable',
    ),
  false_alarm_probability: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      'Probability that this curve, its signals masked and its days in random order, gives as good ' +
        'a signal, of three transits or more where this one has as many; null for a single event, and where it was not asked for',
    ),
  aliases: z.array(
    z.object({ ratio: z.number(), period_days: z.number(), snr: z.number(), verdict: z.string() }),
  ),
  plots: z.record(z.string(), z.string()).describe('PNG; presigned, good for 15 minutes'),
  provenance,
  reviews: z.array(review).describe('The newest first'),
});
export type Candidate = Domain<z.output<typeof candidate>>;

export const candidateDetail = candidate.extend({ job_id: z.uuid() });
export type CandidateDetail = Domain<z.output<typeof candidateDetail>>;
export const candidates = page(candidateDetail);

export const candidateId = request(z.object({ candidate_id: z.uuid() }));
export type CandidateId = z.output<typeof candidateId>;

export const chooseSimilar = request(
  z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(10).describe('The most similar ones'),
    least_similarity: z.coerce.number().min(-1).max(1).default(0).describe('Less is left out'),
  }),
);
export type ChooseSimilar = z.output<typeof chooseSimilar>;

export const similarCandidates = z.object({
  candidate_id: z.uuid(),
  compared: z.number().int().describe('Candidates of other targets with an embedding to compare'),
  items: z.array(
    candidate
      .pick({
        candidate_id: true,
        target: true,
        rank: true,
        period_days: true,
        depth_ppm: true,
        duration_hours: true,
        snr: true,
        probability: true,
        rl_action: true,
      })
      .extend({
        job_id: z.uuid(),
        similarity: z.number().describe('Cosine of the embeddings, 1: alike'),
        review: reviewDecision.nullable().describe('The newest; null: nobody has decided on it'),
      }),
  ),
});
export type SimilarCandidates = Domain<z.output<typeof similarCandidates>>;

export const leastProbability = z.coerce.number().min(0).max(1);
export const targetName = z.string().min(1).max(200);

export const listCandidates = request(
  z.strictObject({
    ...pageQuery,
    job_id: z.uuid().optional(),
    target: targetName.optional(),
    rl_action: action.optional(),
    min_probability: leastProbability.optional(),
    reviewed: z.stringbool().optional().describe('false: what nobody has decided on yet'),
  }),
);
export type ListCandidates = z.output<typeof listCandidates>;

export const plotFile = request(
  z.object({
    candidate_id: z.uuid(),
    file: z
      .string()
      .regex(/^(phase|bls|odd_even|secondary|light_curve)\.(png|svg)$/, 'No such plot')
      .describe('Name of the plot, with .png or .svg'),
  }),
);
export type PlotFile = z.output<typeof plotFile>;
