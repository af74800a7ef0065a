/** One setup at a time: two that install or build into the same folders break each other's work. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, startOf } from '../services/process-identity.mjs';
import { endUnfinishedCommand } from './commands.mjs';
import { ROOT } from './root.mjs';

const FILE = join(ROOT, '.lightfold', 'setup.lock');

export async function exclusively(work) {
  mkdirSync(dirname(FILE), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  let waiting = false;
  while (!take(mine)) {
    if (!waiting) process.stderr.write('Waiting for another setup of this folder ...\n');
    waiting = true;
    await sleep(300);
  }
  try {
    endUnfinishedCommand();
    return await work();
  } finally {
    rmSync(FILE, { force: true });
  }
}

function take(mine) {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(FILE, mine, { flag: 'wx' });
      return true;
    } catch (error) {
      if (error.code === 'EACCES' || error.code === 'EROFS') return true; // nobody can set up here
      if (error.code !== 'EEXIST') throw error;
      const owner = readOwner();
      if (!owner || isAlive(owner)) return false;
      rmSync(FILE, { force: true });
    }
  }
  return false;
}

/** null while it is being written. */
function readOwner() {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch {
    return null;
  }
}
