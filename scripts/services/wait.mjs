import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from './processes.mjs';

/**
 * Waits until `isReady` says true. Fails at once when the process ends, and after `seconds` when it
 * neither ends nor gets ready; both with the last lines of its log.
 */
export async function untilReady(child, isReady, { what, seconds = 60, everyMs = 50 }) {
  const deadline = Date.now() + seconds * 1000;
  let last = null;
  for (;;) {
    if (!child.isRunning()) {
      const { code, signal } = await child.exited;
      throw new Error(
        `${what} ended while it was starting (${signal ?? `exit code ${code}`}). ` +
          `The end of ${child.logFile}:\n${tail(child.logFile)}`,
      );
    }
    try {
      if (await isReady()) return;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${what} did not get ready within ${seconds} seconds` +
          `${last ? ` (${last.message})` : ''}. The end of ${child.logFile}:\n${tail(child.logFile)}`,
      );
    }
    await sleep(everyMs);
  }
}
