import { AsyncLocalStorage } from 'node:async_hooks';

/** Ids that every line of a request or task carries. */
export interface LogContext {
  readonly requestId?: string;
  readonly teamId?: string;
  readonly jobId?: string;
  readonly taskId?: string;
  readonly attempt?: number;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work`; what is logged inside carries `context` beside the ids that were there already. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

/** Adds ids for the rest of the current request or task. */
export function addToLogContext(context: LogContext): void {
  storage.enterWith({ ...storage.getStore(), ...context });
}

export const logContext = (): LogContext => storage.getStore() ?? {};
