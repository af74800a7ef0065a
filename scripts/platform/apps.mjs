/** The apps as child processes: started, asked whether they are ready, brought back when they die. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch, tail } from '../services/processes.mjs';
import { untilReady } from '../services/wait.mjs';
import { ROOT } from '../setup/root.mjs';

const MAIN = { api: 'dist/apps/api/src/main.js', worker: 'dist/apps/worker/src/main.js' };

// The worker finishes or hands back what it runs before it ends; the api only its requests.
const GRACE_SECONDS = { api: 15, worker: 45 };
const ORDER = { api: 10, worker: 20 };

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
const STEADY_MS = 60_000;

/**
 * @param {object} options
 * @param {'api' | 'worker'} options.kind
 * @param {string} options.name
 * @param {number} options.port of its HTTP routes, or of its probes
 * @param {Record<string, string>} options.env
 * @param {boolean} options.supervised brings it back when it ends by itself
 * @param {(sentence: string) => void} options.say
 */
export async function startApp({ kind, name, port, env, dataDir, supervised, say, seconds = 120 }) {
  const url = `http://127.0.0.1:${port}`;
  let child;
  let isMeantToRun = true;
  let restarts = 0;

  const boot = async () => {
    child = await launch({
      name,
      command: process.execPath,
      args: [join(ROOT, MAIN[kind])],
      env,
      dataDir,
      cwd: ROOT,
      order: ORDER[kind],
      graceSeconds: GRACE_SECONDS[kind],
    });
    const mine = child;
    if (supervised) void mine.exited.then((end) => bringBack(mine, end));
  };

  const bringBack = async (ended, { code, signal }) => {
    if (!isMeantToRun || ended !== child) return;
    const started = Date.now();
    const wait = Math.min(FIRST_BACKOFF_MS * 2 ** restarts, LONGEST_BACKOFF_MS);
    restarts += 1;
    const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`;
    say(
      `The ${name} ${how}; starting it again in ${(wait / 1000).toFixed(1)} s. ${lastWords(ended)}`,
    );
    await sleep(wait);
    if (!isMeantToRun) return;
    try {
      await boot();
      await ready();
      say(`The ${name} is back.`);
    } catch (error) {
      if (!isMeantToRun) return;
      say(error.message);
    }
    void child.exited.then(() => {
      if (Date.now() - started > STEADY_MS) restarts = 0;
    });
  };

  const ready = () =>
    untilReady(child, () => isReady(url), { what: `The ${name}`, seconds, everyMs: 200 });

  await boot();
  return {
    kind,
    name,
    port,
    url,
    get pid() {
      return child.pid;
    },
    get logFile() {
      return child.logFile;
    },
    isRunning: () => child.isRunning(),
    ready,
    /** Asks it to drain and end; kills it after its grace. */
    async stop(graceSeconds) {
      isMeantToRun = false;
      return child.stop(graceSeconds);
    },
    /** Without warning. It stays down unless it is supervised. */
    kill: () => child.kill(),
    /** Again after it ended: same name, same port. */
    async start() {
      if (child.isRunning()) return;
      isMeantToRun = true;
      await boot();
      await ready();
    },
  };
}

async function isReady(url) {
  const response = await fetch(`${url}/readiness`, { signal: AbortSignal.timeout(3000) });
  if (response.ok) return true;
  throw new Error(
    `${url}/readiness says ${response.status}: ${(await response.text()).slice(0, 300)}`,
  );
}

function lastWords(child) {
  const line = tail(child.logFile, 1);
  return line ? `Its last line: ${line.slice(0, 300)}` : '';
}
