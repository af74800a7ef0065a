/** Lightfold as a whole for a test: its apps as processes, on a database and queues of their own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Platform, startPlatform } from '../../scripts/platform.mjs';
import { freshDatabase, uniqueName } from './services.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One a test file: it names the database in this process's environment. */
export async function startTestPlatform(
  env: Readonly<Record<string, string>> = {},
): Promise<Platform> {
  const database = await freshDatabase('system');
  process.env.DATABASE_URL = database.url;
  const platform = await startPlatform({
    durable: false,
    env: { QUEUE_PREFIX: `${uniqueName('system')}.`, ...env },
  });
  const { stop } = platform;
  return Object.assign(platform, { stop: () => stop().finally(() => database.drop()) });
}

/** Runs the `lightfold` command of the build; answers what it printed, line by line. */
export async function lightfold(...args: readonly string[]): Promise<string[]> {
  const main = join(root, 'dist/apps/cli/src/main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { cwd: root });
  return stdout.trim().split('\n');
}

/** A folder for the files of a test. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'lightfold-system-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
