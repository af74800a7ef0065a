/** A Redis of our own: own port, folder and password. Nothing in it has to survive. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startContainer } from './docker.mjs';
import { freePort } from './ports.mjs';
import { launch } from './processes.mjs';
import { obtain, PROGRAMS } from './programs.mjs';
import { untilReady } from './wait.mjs';

export async function startRedis({ dataDir, secrets, say, preferredPort }) {
  const source = await obtain(PROGRAMS.redis, say);
  const port = await freePort(preferredPort);
  const url = `redis://:${secrets.redis}@127.0.0.1:${port}/0`;
  const home = join(dataDir, 'redis');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const settings = join(home, 'redis.conf');
  writeFileSync(
    settings,
    [
      'bind 127.0.0.1',
      `port ${port}`,
      `requirepass ${secrets.redis}`,
      `dir "${home}"`,
      'save ""',
      'appendonly no',
      'maxmemory-policy noeviction', // Bull loses jobs when keys are evicted
      'daemonize no',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  let child;
  const start = async () => {
    child =
      source.kind === 'docker'
        ? await startContainer({
            name: 'redis',
            image: 'redis:7',
            dataDir,
            ports: { [port]: 6379 },
            args: ['redis-server', '--requirepass', secrets.redis, '--save', ''],
            order: 70,
          })
        : await launch({
            name: 'redis',
            command: source.path,
            args: [settings],
            dataDir,
            cwd: home,
            order: 70,
            graceSeconds: 10,
          });
    await untilReady(child, () => answers(url), { what: 'Redis', seconds: 60 });
  };
  await start();
  return {
    env: { REDIS_URL: url },
    url,
    get pid() {
      return child.pid;
    },
    stop: () => child.stop(),
    kill: () => child.kill(),
    start,
    async restart() {
      await child.stop();
      await start();
    },
    /** Empties it, as an operator or an eviction might at any moment. */
    flush: () => withClient(url, (client) => client.flushall()),
    remove() {},
  };
}

const answers = (url) => withClient(url, async (client) => (await client.ping()) === 'PONG');

async function withClient(url, use) {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: null, connectTimeout: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}
