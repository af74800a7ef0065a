/** The real worker as a process of its own: so that it can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

/** What `npm run build:server` wrote; another folder while one works on it. */
const BUILD = process.env.LIGHTFOLD_BUILD ?? fileURLToPath(new URL('../../dist', import.meta.url));

export interface WorkerProcess {
  readonly pid: number;
  readonly url: string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** Every line it logged so far. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly errors: () => string;
}

/** Short times, so that a test need not wait for what takes half a minute in production. */
const QUICK = {
  LOG_LEVEL: 'debug',
  LOG_FORMAT: 'json',
  WORKER_PORT: '0',
  HOST: '127.0.0.1',
  WORKER_CONCURRENCY: '2',
  LEASE_SECONDS: '3',
  HEARTBEAT_SECONDS: '0.5',
  REAPER_INTERVAL_SECONDS: '0.5',
  OUTBOX_POLL_SECONDS: '0.5',
  TELEMETRY_UPDATE_INTERVAL: '0.5',
  RETRY_BACKOFF_SECONDS: '0.2',
  HOUSEKEEPING_INTERVAL_SECONDS: '1',
  DRAIN_SECONDS: '10',
};

/** Starts a worker; resolves when it is ready. */
export async function startWorker(env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [`${BUILD}/apps/worker/src/main.js`], {
    env: { ...process.env, ...QUICK, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const worker = observe(child);
  try {
    const url = await vi.waitUntil(() => worker.startedAt() ?? worker.failure(), {
      timeout: 30_000,
    });
    if (!url.startsWith('http')) throw new Error(`The worker did not start: ${url}`);
    await vi.waitUntil(
      async () => (await fetch(`${url}/readiness`).catch(() => null))?.ok === true,
      { timeout: 30_000 },
    );
    return {
      pid: child.pid!,
      url,
      ended: worker.ended,
      signal: (name) => child.kill(name),
      lines: worker.lines,
      errors: worker.errors,
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function observe(child: ChildProcess) {
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  let errors = '';
  let hasEnded: number | string | undefined;
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    for (const line of parts) {
      try {
        lines.push(JSON.parse(line) as Record<string, unknown>);
      } catch {
        errors += `${line}\n`;
      }
    }
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => {
      hasEnded = code ?? signal ?? 'unknown';
      resolve(hasEnded);
    }),
  );
  return {
    lines,
    ended,
    errors: () => errors,
    startedAt: () => lines.find((line) => line.msg === 'Worker started')?.url as string | undefined,
    failure: () =>
      hasEnded === undefined ? undefined : `it ended with ${hasEnded}: ${errors.slice(-2000)}`,
  };
}
