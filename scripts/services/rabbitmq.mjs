/**
 * A RabbitMQ of our own: own node name, ports, folders, cookie and port mapper (epmd), so that a
 * broker of the system neither notices it nor gets in its way.
 */
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import amqp from 'amqplib';
import { startContainer } from './docker.mjs';
import { accepts, freePort } from './ports.mjs';
import { launch } from './processes.mjs';
import { findProgram, obtain, PROGRAMS } from './programs.mjs';
import { untilReady } from './wait.mjs';

const USER = 'lightfold';
const CONSUMER_TIMEOUT_MS = 7 * 24 * 3600 * 1000; // an acknowledgement waits for its task; default 30 min

export async function startRabbitmq({ dataDir, secrets, say, preferredPort }) {
  const source = await obtain(PROGRAMS.rabbitmq, say);
  const port = await freePort(preferredPort);
  const url = `amqp://${USER}:${secrets.rabbitmq}@127.0.0.1:${port}`;
  const boot =
    source.kind === 'docker'
      ? bootContainer({ dataDir, port, password: secrets.rabbitmq })
      : await bootProgram({ dataDir, port, password: secrets.rabbitmq, wrapper: source.path });

  let child;
  let mapper;
  const start = async () => {
    ({ child, mapper } = await boot());
    await untilReady(child, () => answers(url), { what: 'RabbitMQ', seconds: 180, everyMs: 100 });
  };
  const end = async (how) => {
    await child[how]();
    await mapper?.[how]();
  };
  try {
    await start();
  } catch (error) {
    await mapper?.kill();
    throw error;
  }
  return {
    env: { BROKER_URL: url },
    url,
    get pid() {
      return child.pid;
    },
    stop: () => end('stop'),
    kill: () => end('kill'),
    start,
    async restart() {
      await end('stop');
      await start();
    },
    remove() {},
  };
}

async function bootProgram({ dataDir, port, password, wrapper }) {
  const home = join(dataDir, 'rabbitmq');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const mapperPort = await freePort();
  const server = serverScript(wrapper);
  writeFileSync(
    join(home, 'rabbitmq.conf'),
    [
      `listeners.tcp.local = 127.0.0.1:${port}`,
      `default_user = ${USER}`,
      `default_pass = ${password}`,
      `consumer_timeout = ${CONSUMER_TIMEOUT_MS}`,
      'log.console.level = warning',
      'disk_free_limit.absolute = 200MB',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  writeFileSync(join(home, 'enabled_plugins'), '[].\n');
  const erl = findProgram('erl');
  if (!erl)
    throw new Error('RabbitMQ is installed without Erlang: install the package erlang-base.');
  const env = {
    ...process.env,
    HOME: home, // Erlang keeps its cookie there
    PATH: `${dirname(erl)}:${process.env.PATH}`,
    ERL_EPMD_PORT: String(mapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'lightfold@localhost',
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'advanced.config'),
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(home, 'config'),
    RABBITMQ_PID_FILE: join(home, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RUNNING_UNDER_SYSTEMD: 'true', // the script becomes the broker instead of waiting beside it
  };
  delete env.NOTIFY_SOCKET;
  return async () => {
    const mapper = await launch({
      name: 'epmd',
      command: findProgram('epmd') ?? join(dirname(realpathSync(erl)), 'epmd'),
      args: ['-port', String(mapperPort), '-address', '127.0.0.1'],
      dataDir,
      env,
      order: 81,
      graceSeconds: 2,
    });
    await untilReady(mapper, () => accepts(mapperPort), { what: "RabbitMQ's port mapper" });
    const child = await launch({
      name: 'rabbitmq',
      command: server,
      dataDir,
      cwd: home,
      env,
      order: 80,
      graceSeconds: 30,
    });
    return { child, mapper };
  };
}

/** Debian's wrapper insists on the user `rabbitmq`; what it wraps does not. */
function serverScript(wrapper) {
  const wrapped = join(dirname(dirname(realpathSync(wrapper))), 'bin', 'rabbitmq-server');
  return realpathSync(existsSync(wrapped) ? wrapped : wrapper);
}

function bootContainer({ dataDir, port, password }) {
  return async () => ({
    child: await startContainer({
      name: 'rabbitmq',
      image: 'rabbitmq:4',
      dataDir,
      ports: { [port]: 5672 },
      env: {
        RABBITMQ_DEFAULT_USER: USER,
        RABBITMQ_DEFAULT_PASS: password,
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-rabbit consumer_timeout ${CONSUMER_TIMEOUT_MS}`,
      },
      volume: '/var/lib/rabbitmq',
      hostname: 'lightfold',
      order: 80,
    }),
  });
}

async function answers(url) {
  const connection = await amqp.connect(url, { timeout: 3000 });
  connection.on('error', () => {});
  await connection.close();
  return true;
}
