/**
 * Child processes that end when they should. Each is the leader of its own group, so that Ctrl-C in
 * a terminal reaches only us and we can stop things in order; each is recorded on disk, so that a
 * later run (or the guardian, should we be killed) finds what is left over.
 */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  openSync,
  closeSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, startOf } from './process-identity.mjs';

const LOG_MAX_BYTES = 20 * 1024 * 1024;

/**
 * Starts a process and records it.
 *
 * @param {object} options
 * @param {string} options.name unique within `dataDir`; names the log file and the record
 * @param {number} [options.order] leftovers stop in this order, the lowest first
 * @param {string} [options.stopSignal] asks it to end in an orderly way
 * @param {number} [options.graceSeconds] how long it may take before it is killed
 */
export async function launch({
  name,
  command,
  args = [],
  env = process.env,
  dataDir,
  order = 50,
  stopSignal = 'SIGTERM',
  graceSeconds = 15,
  ...spawnOptions
}) {
  const logFile = openLog(dataDir, name);
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', log, log],
    detached: true,
    ...spawnOptions,
  });
  closeSync(log);
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new Error(`Cannot run ${command}: ${cause.message}`, { cause })),
    );
  });
  const record = {
    name,
    pid: child.pid,
    start: startOf(child.pid),
    order,
    stopSignal,
    graceSeconds,
  };
  const recordFile = join(runFolder(dataDir), `${name}.json`);
  writeFileSync(recordFile, JSON.stringify(record));

  let running = true;
  void exited.then(() => {
    running = false;
    killGroup(child.pid); // what the leader left behind in its group
    rmSync(recordFile, { force: true });
  });
  return {
    name,
    pid: child.pid,
    logFile,
    exited,
    isRunning: () => running,
    /** Asks it to end; kills it when it does not. Resolves when it is gone. */
    async stop(seconds = graceSeconds) {
      if (!running) return exited;
      child.kill(stopSignal);
      await Promise.race([exited, sleep(seconds * 1000, undefined, { ref: false })]);
      if (running) killGroup(child.pid);
      return exited;
    },
    /** Kills it without warning, as a power cut would. */
    async kill() {
      killGroup(child.pid);
      return exited;
    },
  };
}

/** The last lines that a process wrote, for the sentence that says why it did not start. */
export function tail(logFile, lines = 25) {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/** What an earlier run of this data folder recorded and what still runs. */
export function leftovers(dataDir) {
  const folder = runFolder(dataDir);
  const records = [];
  for (const file of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const record = readRecord(join(folder, file));
    if (record && isAlive(record)) records.push(record);
    else rmSync(join(folder, file), { force: true });
  }
  return records.sort((a, b) => a.order - b.order);
}

/** Ends recorded processes, in order, each within its grace. Throws where that is not possible. */
export async function endRecorded(records, dataDir) {
  for (const record of records) {
    if (isAlive(record)) {
      try {
        process.kill(record.pid, record.stopSignal);
      } catch (cause) {
        if (cause.code === 'ESRCH') continue;
        throw new Error(
          `${record.name} of an earlier run (process ${record.pid}) belongs to another user. ` +
            `Stop it with: kill ${record.pid}`,
          { cause },
        );
      }
      const deadline = Date.now() + record.graceSeconds * 1000;
      while (isAlive(record) && Date.now() < deadline) await sleep(50);
      if (isAlive(record)) killGroup(record.pid);
      while (isAlive(record)) await sleep(20);
    }
    const file = join(runFolder(dataDir), `${record.name}.json`);
    const current = readRecord(file);
    if (current?.pid === record.pid && current.start === record.start)
      rmSync(file, { force: true });
  }
}

export function runFolder(dataDir) {
  const folder = join(dataDir, 'run');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function readRecord(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // half written when its writer was killed
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}

function openLog(dataDir, name) {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.log`);
  if (existsSync(file) && statSync(file).size > LOG_MAX_BYTES) renameSync(file, `${file}.1`);
  return file;
}
