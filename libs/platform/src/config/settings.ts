/**
 * Every setting of the api and the worker: one schema, read once at the start.
 *
 * The table in docs/configuration.md is written from it. `meta({ secret: true })` keeps a value out
 * of logs and messages; a setting is named in an error, its value never is.
 */
import { z } from 'zod';

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

const schema = z.object({
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
    'How long an upload may take before it is cleaned up',
  ),
  PRESIGN_PUT_TTL_SECONDS: count(3600, 1, 604_800).describe('Life of a presigned upload URL'),
  PRESIGN_GET_TTL_SECONDS: count(900, 1, 604_800).describe('Life of a presigned download URL'),
  TEAM_QUOTA_BYTES: bytes(100 * 1024 ** 3).describe('Storage of a new team'),
  VALIDATION_MAX_DECOMPRESSED_BYTES: bytes(2 * 1024 ** 3).describe(
    'Most bytes that a file may unpack to',
  ),
  VALIDATION_MAX_ROWS: count(20_000_000, 1, 1_000_000_000).describe('Most rows of a table'),
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
    .default('validation,detection,prediction')
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(['validation', 'detection', 'prediction'])).min(1))
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
    .default('models')
    .describe('Folder of the models that come with the platform; it is only read'),
  DEFAULT_MODEL: z
    .string()
    .min(1)
    .max(64)
    .default('auto')
    .describe('Model that `auto` prefers where several take an input; `auto`: the closest fit'),
  CACHE_SIZE: count(3, 1, 1000).describe('Graphs of models in the memory of a process'),
  PREDICT_TIMEOUT_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(300)
    .default(10)
    .describe('After this a prediction that is waited for is given up'),
  PREDICT_BATCH_ROWS: count(64, 1, 100_000).describe(
    'Rows of several requests that go through a model together; 1: each request by itself',
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

export type SettingName = keyof z.input<typeof schema>;
type Values = Readonly<z.output<typeof schema>>;

/** The settings' values, as a class so that Nest can inject them without a token. */
export class Settings extends (class {} as new () => Values) {}

export class SettingsError extends Error {
  constructor(faults: readonly string[]) {
    super(`The settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads settings from an environment; empty strings count as absent.
 *
 * @throws {SettingsError} listing every fault by the setting's name.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const values = parse(schema, environment);
  const faults = contradictions(values);
  if (faults.length > 0) throw new SettingsError(faults);
  const logLevel = values.DEBUG ? 'debug' : values.LOG_LEVEL;
  return Object.freeze(Object.assign(new Settings(), values, { LOG_LEVEL: logLevel }));
}

function parse<Parsed extends z.ZodObject>(
  shape: Parsed,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Parsed> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name in shape.shape && value !== ''),
  );
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SettingsError(
    parsed.error.issues.map(
      (issue) =>
        `${issue.path.join('.')} ${given[String(issue.path[0])] === undefined ? 'is not set' : issue.message}`,
    ),
  );
}

/** Who fits transits, and with whom it is compared. */
export function fittersOf(values: FitterValues) {
  const { TRANSIT_FITTER, USE_LOCAL_MODULUS, TRANSIT_FITTER_COMPARE } = values;
  const first = TRANSIT_FITTER ?? (USE_LOCAL_MODULUS === false ? 'remote' : 'local');
  return {
    first,
    second: TRANSIT_FITTER_COMPARE === first ? undefined : TRANSIT_FITTER_COMPARE,
    url: values.TRANSIT_FITTER_URL,
    timeoutSeconds: values.TRANSIT_FITTER_TIMEOUT_SECONDS,
    maxRequestBytes: values.TRANSIT_FITTER_MAX_REQUEST_BYTES,
  };
}

/** How a process serves models. */
export function servingOptions(values: Values) {
  return {
    defaultModel: values.DEFAULT_MODEL === 'auto' ? null : values.DEFAULT_MODEL,
    test: values.ENABLE_AB_TESTING
      ? { mode: values.AB_MODE, share: values.AB_CHALLENGER_SHARE }
      : null,
    cacheSize: values.CACHE_SIZE,
    batching: {
      maxRows: values.PREDICT_BATCH_ROWS,
      maxWaitMs: values.PREDICT_BATCH_WAIT_MS,
      maxQueuedRows: values.PREDICT_QUEUE_ROWS,
    },
  };
}

const fitterSchema = schema.pick({
  TRANSIT_FITTER: true,
  USE_LOCAL_MODULUS: true,
  TRANSIT_FITTER_COMPARE: true,
  TRANSIT_FITTER_URL: true,
  TRANSIT_FITTER_TIMEOUT_SECONDS: true,
  TRANSIT_FITTER_MAX_REQUEST_BYTES: true,
});
type FitterValues = Readonly<z.output<typeof fitterSchema>>;

/**
 * Who fits transits where there is no server, so that no other setting is needed.
 *
 * @throws {SettingsError} as `readSettings`.
 */
export function readFitters(environment: Readonly<Record<string, string | undefined>>) {
  const fitters = fittersOf(parse(fitterSchema, environment));
  const faults = fitterFaults(fitters);
  if (faults.length > 0) throw new SettingsError(faults);
  return fitters;
}

function fitterFaults({ first, second, url }: ReturnType<typeof fittersOf>): string[] {
  return (first === 'remote' || second === 'remote') && !url
    ? ['TRANSIT_FITTER_URL must name the service that a remote fitter asks']
    : [];
}

/** Rules about several settings at once. */
function contradictions(values: Values): string[] {
  const faults = fitterFaults(fittersOf(values));
  if (values.HEARTBEAT_SECONDS * 3 > values.LEASE_SECONDS) {
    faults.push('HEARTBEAT_SECONDS must be at most a third of LEASE_SECONDS');
  }
  if (values.MAX_BATCH_SIZE > values.PREDICT_QUEUE_ROWS) {
    faults.push('MAX_BATCH_SIZE must be at most PREDICT_QUEUE_ROWS');
  }
  if (values.NODE_ENV === 'production') {
    if (values.JWT_SECRET_KEY === SAMPLE_SECRET) {
      faults.push('JWT_SECRET_KEY is the sample secret; production needs one of its own');
    }
    if (values.CORS_ORIGINS.includes('*')) {
      faults.push('CORS_ORIGINS must not be "*" in production; name the origins');
    }
  }
  return faults;
}

export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  /** As the environment would give it; null where the setting is required or has none. */
  readonly defaultValue: string | null;
  readonly required: boolean;
  readonly secret: boolean;
}

/** What docs/configuration.md lists. */
export function describeSettings(): SettingDescription[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const parsed = field.safeParse(undefined);
    const meta = field.meta() as { secret?: boolean } | undefined;
    const isSecret = meta?.secret === true;
    const hasDefault = parsed.success && parsed.data !== undefined;
    return {
      name,
      description: field.description ?? '',
      defaultValue: hasDefault && !isSecret ? String(parsed.data) : null,
      required: !parsed.success,
      secret: isSecret,
    };
  });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
