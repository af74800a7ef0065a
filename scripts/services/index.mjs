/**
 * Everything that Lightfold needs beside itself, as real servers: each is started unless its
 * setting names one that runs already.
 */
import { openDataFolder } from './data-folder.mjs';
import { ensureBucket, startObjectStore } from './object-store.mjs';
import { createDatabase, startPostgres } from './postgres.mjs';
import { startRabbitmq } from './rabbitmq.mjs';
import { startRedis } from './redis.mjs';

// Tried first, so that addresses stay the same from one start to the next; any free port will do.
const PREFERRED_PORTS = { postgres: 25_432, rabbitmq: 25_672, redis: 26_379, objectStore: 29_000 };

/**
 * @param {object} options
 * @param {string | null} options.dataDir null: a temporary one, removed by `stop`
 * @param {(sentence: string) => void} [options.say]
 * @param {boolean} [options.durable] false for data that nobody will miss
 * @param {boolean} [options.ownServersOnly] ignores the settings: for tests that break servers
 * @param {string} [options.host] where the object store listens
 */
export async function startServices({
  dataDir,
  say = () => {},
  durable = true,
  ownServersOnly = false,
  host = '127.0.0.1',
}) {
  const settings = ownServersOnly ? {} : process.env;
  const folder = await openDataFolder(dataDir, say);
  const context = { dataDir: folder.path, secrets: folder.secrets, say, durable };
  const port = (name) => (folder.temporary ? undefined : PREFERRED_PORTS[name]);
  const starting = {
    postgres: settings.DATABASE_URL
      ? external(settings, ['DATABASE_URL'], () => createDatabaseIfWeMay(settings.DATABASE_URL))
      : startPostgres({ ...context, preferredPort: port('postgres') }),
    rabbitmq: settings.BROKER_URL
      ? external(settings, ['BROKER_URL'])
      : startRabbitmq({ ...context, preferredPort: port('rabbitmq') }),
    redis: settings.REDIS_URL
      ? external(settings, ['REDIS_URL'])
      : startRedis({ ...context, preferredPort: port('redis') }),
    objectStore: settings.S3_ENDPOINT
      ? external(settings, S3_SETTINGS, () => ensureBucket(withDefaults(settings)))
      : startObjectStore({ ...context, host, preferredPort: port('objectStore') }),
  };
  const names = Object.keys(starting);
  const settled = await Promise.allSettled(Object.values(starting));
  const services = Object.fromEntries(names.map((name, i) => [name, settled[i].value]));

  const stop = async ({ keep = false } = {}) => {
    // The database last: it is the one that matters, and the others may still tell it something.
    const running = Object.values(services).filter(Boolean);
    await Promise.allSettled(running.filter((s) => s !== services.postgres).map((s) => s.stop()));
    await services.postgres?.stop();
    if (folder.temporary && !keep) running.forEach((service) => service.remove());
    await folder.close({ keep });
  };
  const failed = settled.filter((result) => result.status === 'rejected');
  if (failed.length > 0) {
    await stop({ keep: true });
    if (failed.length === 1) throw failed[0].reason;
    throw new AggregateError(
      failed.map((result) => result.reason),
      failed.map((result) => result.reason.message).join('\n'),
    );
  }
  return {
    ...services,
    dataDir: folder.path,
    secrets: folder.secrets,
    env: Object.assign({}, ...Object.values(services).map((service) => service.env)),
    stop,
  };
}

const S3_SETTINGS = [
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'S3_REGION',
  'S3_BUCKET',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
  'S3_FORCE_PATH_STYLE',
];

const withDefaults = (settings) => ({
  S3_REGION: 'us-east-1',
  S3_BUCKET: 'lightfold',
  ...settings,
});

/** A server that is not ours: never stopped, never broken. */
async function external(settings, keys, prepare = async () => {}) {
  const env = Object.fromEntries(
    keys.filter((key) => settings[key]).map((key) => [key, settings[key]]),
  );
  try {
    await prepare();
  } catch (cause) {
    throw new Error(`${keys[0]} is set, but that server does not answer: ${cause.message}`, {
      cause,
    });
  }
  const notOurs = () => {
    throw new Error(`The server of ${keys[0]} is not ours to stop.`);
  };
  return {
    env,
    url: env[keys[0]],
    pid: null,
    stop: async () => {},
    kill: notOurs,
    start: notOurs,
    restart: notOurs,
    remove() {},
  };
}

/** The database may exist already, owned by somebody who may not create any. */
async function createDatabaseIfWeMay(url) {
  await createDatabase(url).catch((error) => {
    if (!['42501', '3D000', '28000'].includes(error.code)) throw error;
  });
}
