import { z } from 'zod';
import { type Domain, instant, page, pageQuery, request } from './wire.js';

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
  created_at: instant(),
  updated_at: instant(),
});
export type Task = Domain<z.output<typeof task>>;
export const tasks = page(task);

export const taskId = request(z.object({ task_id: z.uuid() }));
export type TaskId = z.output<typeof taskId>;

export const listTasks = request(z.strictObject({ ...pageQuery, status: taskState.optional() }));
export type ListTasks = z.output<typeof listTasks>;

export const action = z.enum(['accept', 'reject', 'human_review']);
export type Action = z.output<typeof action>;

export const estimate = z.object({
  value: z.number().nullable().describe('null where it cannot be known'),
  error: z.number().nullable().describe('One sigma; null where the data do not constrain it'),
});

const oneFit = z.object({
  backend: z.string(),
  success: z.boolean(),
  message: z.string(),
  period_days: estimate,
  t0_bjd: estimate,
  radius_ratio: estimate,
  impact: estimate,
  axis_ratio: estimate,
  duration_hours: estimate,
  depth_ppm: estimate,
  inclination_deg: z.number(),
  stellar_density_g_cm3: estimate,
  planet_radius_earth: estimate.nullable(),
  equilibrium_temperature_k: z.number().nullable(),
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

export const provenance = z.object({
  code_version: z.string(),
  inputs: z.array(z.object({ filename: z.string(), sha256: z.string() })),
  params: z.record(z.string(), z.unknown()),
  grid: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  classifier: z.string().describe('"formula ..." until a model scores it'),
});
export type Provenance = Domain<z.output<typeof provenance>>;

export const plotName = z.enum(['phase', 'bls', 'odd_even', 'secondary', 'light_curve']);
export type PlotName = z.output<typeof plotName>;

export const reviewDecision = z.enum(['planet', 'false_positive', 'unsure']);

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
  probability: z.number().min(0).max(1),
  rl_action: action,
  reasons: z.array(z.string()),
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
        'a signal; null for a single event, and where it was not asked for',
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

const probability = z.coerce.number().min(0).max(1);
const targetName = z.string().min(1).max(200);

export const listCandidates = request(
  z.strictObject({
    ...pageQuery,
    job_id: z.uuid().optional(),
    target: targetName.optional(),
    rl_action: action.optional(),
    min_probability: probability.optional(),
    reviewed: z.stringbool().optional().describe('false: what nobody has decided on yet'),
  }),
);
export type ListCandidates = z.output<typeof listCandidates>;

export const chooseResults = request(
  z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(1000).describe('Candidates per page'),
    cursor: z.uuid().optional().describe('`next_cursor` of the page before'),
    target: targetName.optional(),
    rl_action: action.optional(),
    min_probability: probability.optional(),
  }),
);
export type ChooseResults = z.output<typeof chooseResults>;

export const chooseReport = request(
  z.strictObject({
    target: targetName.optional().describe('Only the page of this target'),
  }),
);
export type ChooseReport = z.output<typeof chooseReport>;

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
  planned: z.number().int().describe('Injections of a whole map'),
  injected: z.number().int().describe('Injections of this one: fewer where it was interrupted'),
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
