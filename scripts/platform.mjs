/**
 * Lightfold as a whole on one machine: its servers, its database's tables, its api and its workers.
 * `npm start`, `npm run demo` and the system tests all start it here.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startApp } from './platform/apps.mjs';
import { checkChosenPort, freePort } from './services/ports.mjs';
import { startServices } from './services/index.mjs';
import { ROOT } from './setup/root.mjs';

/**
 * @param {object} options
 * @param {string | null} [options.dataDir] null: a temporary folder that is removed at the end
 * @param {number} [options.port] of the first api; without it, any free one
 * @param {string} [options.host] where the api and the object store listen
 * @param {number} [options.apis]
 * @param {number} [options.workers]
 * @param {boolean} [options.supervised] apps that die are started again
 * @param {boolean} [options.durable] false for data that nobody will miss
 * @param {boolean} [options.ownServersOnly] ignores DATABASE_URL and its like
 * @param {Record<string, string>} [options.env] settings of the apps
 * @param {(sentence: string) => void} [options.say]
 * @param {AbortSignal} [options.signal] gives up starting
 */
export async function startPlatform({
  dataDir = null,
  port,
  host = '127.0.0.1',
  apis = 1,
  workers = 1,
  supervised = false,
  durable = true,
  ownServersOnly = false,
  env = {},
  say = () => {},
  signal,
} = {}) {
  if (port !== undefined) await checkChosenPort(port, 'PORT');
  const services = await startServices({ dataDir, say, durable, ownServersOnly, host });
  const apps = [];
  let stopping = null;

  /** Everything that was started, in order: apps drain first, then the servers under them. */
  const stop = ({ keep = false } = {}) => {
    stopping ??= (async () => {
      await Promise.allSettled(apps.map((app) => app.stop()));
      await services.stop({ keep });
    })();
    return stopping;
  };

  const counts = { api: 0, worker: 0 };
  const add = async (kind, { chosenPort, settings = {} } = {}) => {
    signal?.throwIfAborted();
    counts[kind] += 1;
    const name = counts[kind] === 1 ? kind : `${kind}-${counts[kind]}`;
    const own = chosenPort ?? (await freePort());
    const app = await startApp({
      kind,
      name,
      port: own,
      dataDir: services.dataDir,
      supervised,
      say,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        ...services.env,
        JWT_SECRET_KEY: process.env.JWT_SECRET_KEY ?? services.secrets.jwt,
        HOST: host,
        ...(kind === 'api' ? { PORT: String(own) } : { WORKER_PORT: String(own) }),
        ...env,
        ...settings,
      },
    });
    apps.push(app);
    return app;
  };

  try {
    signal?.throwIfAborted();
    await migrateDatabase(services.env.DATABASE_URL);
    for (let i = 0; i < apis; i += 1) await add('api', { chosenPort: i === 0 ? port : undefined });
    for (let i = 0; i < workers; i += 1) await add('worker');
    await untilAborted(Promise.all(apps.map((app) => app.ready())), signal);
  } catch (error) {
    await stop({ keep: !signal?.aborted });
    throw error;
  }

  const ofKind = (kind) => apps.filter((app) => app.kind === kind);
  return {
    url: `http://${host === '0.0.0.0' || host === '127.0.0.1' ? 'localhost' : host}:${ofKind('api')[0]?.port}`,
    services,
    dataDir: services.dataDir,
    env: services.env,
    get apis() {
      return ofKind('api');
    },
    get workers() {
      return ofKind('worker');
    },
    /** One more, ready; with settings of its own. */
    async addApi(settings) {
      const app = await add('api', { settings });
      await app.ready();
      return app;
    },
    async addWorker(settings) {
      const app = await add('worker', { settings });
      await app.ready();
      return app;
    },
    stop,
  };
}

async function migrateDatabase(databaseUrl) {
  const file = join(ROOT, 'dist/libs/platform/src/database/migrate.js');
  if (!existsSync(file)) throw new Error('Lightfold is not built yet: run npm run setup first.');
  const { migrate } = await import(pathToFileURL(file).href);
  await migrate(databaseUrl);
}

function untilAborted(work, signal) {
  if (!signal) return work;
  work.catch(() => {});
  return Promise.race([
    work,
    new Promise((_, reject) => {
      const give = () => reject(signal.reason);
      if (signal.aborted) give();
      signal.addEventListener('abort', give, { once: true });
    }),
  ]);
}
