import { GraphCache } from '../sessions/graph-cache.js';
import { OnnxSessions, SessionsGoneError } from '../sessions/onnx-sessions.js';
import { inProcess } from '../sessions/session-hosts.js';
import { ModelRunner } from './model-runner.js';

/** A graph did not give its answers in time, or ended the process that ran it. */
export class RunnerLostError extends Error {
  override readonly name = 'RunnerLostError';
}

/**
 * Lends a runner with a process of its own, which ends with the work: what a graph that nobody knows
 * yet may do to it, it does to no graph that serves. Two graphs are in memory at a time.
 *
 * @param seconds after which the process is killed; left out: never
 * @throws {RunnerLostError} where it was, or where it ended by itself
 */
export async function withOwnRunner<T>(
  work: (runner: ModelRunner) => Promise<T>,
  seconds?: number,
): Promise<T> {
  const sessions = new OnnxSessions(inProcess);
  const batching = { maxRows: 1, maxWaitMs: 0, maxQueuedRows: 1 };
  let isLate = false;
  const timer =
    seconds &&
    setTimeout(() => {
      isLate = true;
      void sessions.close();
    }, 1000 * seconds);
  try {
    return await work(new ModelRunner(sessions, new GraphCache({ capacity: 2 }), batching));
  } catch (cause) {
    if (!(cause instanceof SessionsGoneError)) throw cause;
    const fault = isLate ? `took longer than ${seconds} s` : 'ended the process that ran it';
    throw new RunnerLostError(`The graph ${fault}.`, { cause });
  } finally {
    clearTimeout(timer);
    await sessions.close();
  }
}
