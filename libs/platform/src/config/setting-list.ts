/**
 * Every setting of the api and the worker, with its check, its default and what it is.
 *
 * The table in docs/configuration.md is written from it. `meta({ secret: true })` keeps a value out
 * of logs and messages; a setting is named in an error, its value never is.
 */
import { z } from 'zod';
import { taskKinds } from '#contracts';

const flag = z.stringbool();
const FITTERS = ['local', 'remote', 'mock'] as const;
const count = (fallback: number, min = 1, max = 1_000_000) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const bytes = (fallback: number) => z.coerce.number().int().min(1).max(1e15).default(fallback);
const secret = (schema: z.ZodType<string>) => schema;

/** Good enough to start on a laptop, refused in production. */
export const SAMPLE_SECRET = 'change-me-this-is-only-a-sample-secret';

/** `*`, one origin, a comma list, or a JSON list. */
const origins = z
  .string()
  .default('')
  .transform((text, context) => {
    const trimmed = text.trim();
    if (!trimmed.startsWith('[')) {
      return trimmed
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== '');
    }
    const parsed = z.array(z.string()).safeParse(safeJson(trimmed));
    if (parsed.success) return parsed.data;
    context.addIssue('is neither "*", an origin, a comma list nor a JSON list of origins');
    return z.NEVER;
  });

export const settingList = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` refuses sample secrets and open CORS'),
  HOST: z.string().default('0.0.0.0').describe('Address the api listens on'),
  PORT: count(8000, 0, 65535).describe('Port of the api; 0 takes a free one'),
  WORKER_PORT: count(8001, 0, 65535).describe(
    "Port of the worker's probes and metrics; 0 takes a free one",
  ),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe(
      'Where users reach the platform, as `npm start` tells them; without it, the local address',
    ),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'silent']))
    .transform((level) => (level === 'warning' ? 'warn' : level))
    .prefault('info')
    .describe('Least level that is logged'),
  LOG_FORMAT: z
    .enum(['json', 'text'])
    .default('json')
    .describe('One JSON object a line, or text for reading'),
  DEBUG: flag.default(false).describe('Same as LOG_LEVEL=debug'),
  CORS_ORIGINS: origins.describe(
    'Origins of browsers that may call the api: `*`, one, a comma list or a JSON list',
  ),
  DATABASE_URL: secret(z.string().regex(/^postgres(ql)?:\/\//, 'is not a postgresql:// URL'))
    .meta({ secret: true })
    .describe('PostgreSQL'),
  DATABASE_POOL_SIZE: count(10, 2, 200).describe('Connections to PostgreSQL, per process'),
  BROKER_URL: secret(z.string().regex(/^amqps?:\/\//, 'is not an amqp:// URL'))
    .meta({ secret: true })
    .describe('RabbitMQ'),
  QUEUE_PREFIX: z
    .string()
    .max(50)
    .regex(/^[\w.-]*$/, 'has other characters than letters, digits, "_", "." and "-"')
    .default('')
    .describe(
      'Put before the names of queues in RabbitMQ and Redis, where installations share them',
    ),
  REDIS_URL: secret(z.string().regex(/^rediss?:\/\//, 'is not a redis:// URL'))
    .meta({ secret: true })
    .describe('Redis'),
  REDIS_PASSWORD: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe('Password of Redis, where REDIS_URL has none'),
  S3_ENDPOINT: z.url().describe('Object store, as the api and the workers reach it'),
  S3_PUBLIC_ENDPOINT: z
    .url()
    .optional()
    .describe('Object store, as clients reach it: presigned URLs name it; without it, S3_ENDPOINT'),
  S3_REGION: z.string().default('us-east-1').describe('Region that requests are signed for'),
  S3_BUCKET: z.string().min(3).default('lightfold').describe('Bucket of uploads and results'),
  S3_ACCESS_KEY: secret(z.string().min(1))
    .meta({ secret: true })
    .describe('Access key of the object store'),
  S3_SECRET_KEY: secret(z.string().min(1))
    .meta({ secret: true })
    .describe('Secret key of the object store'),
  S3_FORCE_PATH_STYLE: flag
    .default(true)
    .describe('`host/bucket/key` instead of `bucket.host/key`'),
  JWT_SECRET_KEY: secret(z.string().min(32, 'has fewer than 32 characters'))
    .default(SAMPLE_SECRET)
    .meta({ secret: true })
    .describe('Signs access tokens; 32 characters or more'),
  ACCESS_TOKEN_TTL_SECONDS: count(900, 10, 86_400).describe('Life of an access token'),
  REFRESH_TOKEN_TTL_DAYS: count(30, 1, 365).describe('Life of a refresh token'),
  RATE_LIMIT_PER_MINUTE: count(600, 1).describe('Requests a minute, per user or api key'),
  LOGIN_RATE_LIMIT_PER_MINUTE: count(120, 1).describe(
    'Registrations, logins and refreshes a minute, per address',
  ),
  TRUSTED_PROXIES: z
    .string()
    .default('loopback,linklocal,uniquelocal')
    .describe(
      'Proxies whose X-Forwarded-For is believed: addresses, networks, or these names, as a comma list',
    ),
  UPLOAD_MAX_BYTES: bytes(5 * 1024 ** 3).describe('Largest file'),
  UPLOAD_MAX_FILES: count(10_000, 1, 10_000).describe('Most files of a dataset'),
  MULTIPART_THRESHOLD_BYTES: bytes(64 * 1024 ** 2).describe('Larger files are uploaded in parts'),
  MULTIPART_PART_BYTES: z.coerce
    .number()
    .int()
    .min(5 * 1024 ** 2)
    .max(5 * 1024 ** 3)
    .default(16 * 1024 ** 2)
    .describe('Size of a part; S3 asks for 5 MiB at least'),
  UPLOAD_TTL_SECONDS: count(86_400, 1, 30 * 86_400).describe(
    'How long an upload, or a draft of a version of a model, may take before it is cleaned up',
  ),
  PRESIGN_PUT_TTL_SECONDS: count(3600, 1, 604_800).describe('Life of a presigned upload URL'),
  PRESIGN_GET_TTL_SECONDS: count(900, 1, 604_800).describe('Life of a presigned download URL'),
  TEAM_QUOTA_BYTES: bytes(100 * 1024 ** 3).describe('Storage of a new team'),
  VALIDATION_MAX_DECOMPRESSED_BYTES: bytes(2 * 1024 ** 3).describe(
    'Most bytes that a file may unpack to',
  ),
  VALIDATION_MAX_ROWS: count(20_000_000, 1, 1_000_000_000).describe('Most rows of a table'),
  TRAINING_MAX_CELLS: count(10_000_000, 100, 1_000_000_000).describe(
    'Most cells (rows times columns) of a table to train on: it is in memory as a whole',
  ),
  WORKER_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe('Tasks at once per worker, one thread each; without it, one per core'),
  WORKER_NAME: z
    .string()
    .max(100)
    .optional()
    .describe("A worker's name; without it, made of host and process"),
  WORKER_QUEUES: z
    .string()
    .default(taskKinds.join(','))
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(taskKinds)).min(1))
    .describe('Queues that this worker consumes, as a comma list'),
  WORKER_THREAD_HEAP_MB: count(1024, 64, 65_536).describe(
    'JavaScript heap of one worker thread; a task that needs more fails alone',
  ),
  SEARCH_SPLIT_SECONDS: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(5)
    .describe(
      'A search of which one round would take longer than this on one core is divided among the ' +
        'free threads of all workers; 0: neither ask for such help nor give it',
    ),
  LEASE_SECONDS: count(30, 2, 3600).describe(
    'A worker that is silent this long has lost its tasks',
  ),
  HEARTBEAT_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(600)
    .default(5)
    .describe('How often a worker renews its leases; at most a third of LEASE_SECONDS'),
  TASK_MAX_ATTEMPTS: count(3, 1, 100).describe('A task that failed this often is parked'),
  SENSITIVITY_SECONDS: count(300, 1, 86_400).describe(
    'A map of what could have been found is kept as far as it came after this, or half of TASK_TIMEOUT',
  ),
  TASK_TIMEOUT: count(3600, 1, 7 * 86_400).describe(
    'Seconds after which a running task is stopped',
  ),
  RETRY_BACKOFF_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3600)
    .default(5)
    .describe('Wait before the second attempt; doubles with each further one'),
  REAPER_INTERVAL_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(3600)
    .default(5)
    .describe('How often lost leases and missing messages are looked for'),
  HOUSEKEEPING_INTERVAL_SECONDS: z.coerce
    .number()
    .min(0.5)
    .max(86_400)
    .default(60)
    .describe('How often unfinished uploads, deleted objects and old rows are cleared away'),
  OUTBOX_POLL_SECONDS: z.coerce
    .number()
    .min(0.05)
    .max(3600)
    .default(2)
    .describe('How often the outbox is read when no notification comes'),
  TELEMETRY_UPDATE_INTERVAL: z.coerce
    .number()
    .min(0.1)
    .max(60)
    .default(2)
    .describe('Seconds between progress events of a job'),
  TRANSIT_FITTER: z
    .enum(FITTERS)
    .optional()
    .describe(
      'Who fits transits: `local` (this process, the default), `remote` (the service at ' +
        'TRANSIT_FITTER_URL), `mock` (echoes the search; for trying things out)',
    ),
  USE_LOCAL_MODULUS: flag
    .optional()
    .describe('`true` for TRANSIT_FITTER=local, `false` for `remote`; TRANSIT_FITTER wins'),
  TRANSIT_FITTER_COMPARE: z
    .enum(FITTERS)
    .optional()
    .describe('A second fitter for the same transits; its answer is kept beside the first one'),
  TRANSIT_FITTER_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the remote fitter takes its requests: see docs/transit-fit-service.md'),
  TRANSIT_FITTER_TIMEOUT_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(600)
    .default(30)
    .describe('How long the remote fitter may take for one fit'),
  TRANSIT_FITTER_MAX_REQUEST_BYTES: bytes(10_000_000).describe(
    'Longest request to the remote fitter: the points around the transits of one signal, some 80 bytes each',
  ),
  MODEL_REGISTRY_PATH: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Folder of the platform's models, which is only read; left out: those that come with it",
    ),
  DEFAULT_MODEL: z
    .string()
    .min(1)
    .max(64)
    .default('auto')
    .describe('Model that `auto` prefers where several take an input; `auto`: the closest fit'),
  MODEL_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 * 1024 ** 3)
    .default(256 * 1024 ** 2)
    .describe(
      'Most bytes of the files of a version that a team registers: the api checks them in memory',
    ),
  MODEL_CHECK_SECONDS: count(60, 1, 3600).describe(
    'How long the golden inputs of a version that a team registers may take',
  ),
  CACHE_SIZE: count(3, 1, 1000).describe('Graphs of models in the memory of a process'),
  PREDICT_TIMEOUT_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(300)
    .default(10)
    .describe('After this a prediction that is waited for is given up'),
  PREDICT_BATCH_ROWS: count(64, 1, 100_000).describe(
    'Rows of several requests that go through a model, and into the database, together; 1: each request by itself',
  ),
  PREDICT_BATCH_WAIT_MS: z.coerce
    .number()
    .min(0)
    .max(1000)
    .default(0)
    .describe('How long the first row of an idle model waits for company'),
  PREDICT_QUEUE_ROWS: count(2000, 1, 1_000_000).describe(
    'Rows that may wait for a model; more are turned away with 503',
  ),
  MAX_BATCH_SIZE: count(100, 1, 100_000).describe('Most inputs of one batch prediction'),
  PREDICTION_RETENTION_DAYS: count(90, 0, 36_500).describe(
    'Days after which a prediction that was kept is forgotten; 0: never',
  ),
  ENABLE_AB_TESTING: flag
    .default(false)
    .describe('Whether challengers are tried beside their champions'),
  AB_MODE: z
    .enum(['split', 'shadow'])
    .default('split')
    .describe(
      '`split`: a share of the subjects gets the answer of the challenger; `shadow`: nobody does, ' +
        'and where the two differ is kept',
    ),
  AB_CHALLENGER_SHARE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share of the subjects that a challenger is asked about'),
  DRAIN_SECONDS: count(25, 0, 3600).describe('How long a stopping process waits for its tasks'),
  WEB_ROOT: z
    .string()
    .optional()
    .describe('Folder of the built web page; without it, dist/apps/web'),
});

/** What they are once they were read. */
export type SettingValues = Readonly<z.output<typeof settingList>>;

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
