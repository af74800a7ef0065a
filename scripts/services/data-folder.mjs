/**
 * The folder where one run keeps its servers' files. Only one run may use it at a time; what an
 * earlier one left running is ended first.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  chmodSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive, startOf } from './process-identity.mjs';
import { endRecorded, leftovers, runFolder } from './processes.mjs';

const GUARDIAN = fileURLToPath(new URL('guardian.mjs', import.meta.url));

/**
 * Takes the folder for this process.
 *
 * @param {string | null} path null: a new temporary folder that is removed at the end
 * @param {(sentence: string) => void} say
 */
export async function openDataFolder(path, say) {
  const temporary = path === null;
  const dataDir = temporary ? mkdtempSync(join(tmpdir(), 'lightfold-')) : resolve(path);
  mkdirSync(dataDir, { recursive: true });
  if (temporary) chmodSync(dataDir, 0o711); // PostgreSQL's own user has to pass through
  const lock = takeLock(dataDir);
  try {
    const left = leftovers(dataDir);
    if (left.length > 0) {
      say(`An earlier run did not end properly: stopping ${left.map((r) => r.name).join(', ')}.`);
      await endRecorded(left, dataDir);
    }
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
  const guardian = spawn(process.execPath, [GUARDIAN, dataDir, temporary ? '--remove' : '--keep'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const guardianGone = new Promise((resolve) => {
    guardian.once('exit', resolve);
    guardian.once('error', resolve);
  });
  guardian.stdin.on('error', () => {});

  return {
    path: dataDir,
    temporary,
    secrets: readSecrets(dataDir),
    /** Gives the folder back. `keep` spares a temporary one, for whoever wants its logs. */
    async close({ keep = false } = {}) {
      rmSync(lock, { force: true });
      if (temporary && keep) guardian.kill('SIGKILL');
      else guardian.stdin.end();
      await guardianGone;
      if (temporary && !keep) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function takeLock(dataDir) {
  const file = join(runFolder(dataDir), 'owner.lock');
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return file;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = readOwner(file);
      if (owner && isAlive(owner)) {
        throw new Error(
          `Lightfold already runs from ${dataDir} (process ${owner.pid}). Stop it first ` +
            `(kill ${owner.pid}), or give this run its own folder and port: ` +
            `DATA_DIR=/another/folder PORT=8001 npm start`,
          { cause: error },
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new Error(`Cannot take ${file}: another run takes it at the same moment. Try again.`);
}

function readOwner(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Made once for a folder, readable by its owner alone. */
function readSecrets(dataDir) {
  const file = join(dataDir, 'secrets.json');
  const secret = (bytes) => randomBytes(bytes).toString('hex');
  const fresh = {
    jwt: secret(48),
    postgres: secret(16),
    rabbitmq: secret(16),
    redis: secret(16),
    s3AccessKey: secret(10).toUpperCase(),
    s3SecretKey: secret(20),
  };
  const stored = existsSync(file) ? parseSecrets(file) : {};
  const secrets = { ...fresh, ...stored };
  if (Object.keys(stored).length < Object.keys(fresh).length) {
    writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return secrets;
}

function parseSecrets(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(
      `${file} is damaged. Without it the data beside it cannot be opened: restore it, or remove ` +
        `the whole folder to begin anew.`,
      { cause },
    );
  }
}
