import type { TaskFailure } from '#contracts';

/** A task that cannot be done, and who can mend that: its owner, time, or us. */
export class TaskError extends Error {
  readonly failure: TaskFailure;

  constructor(kind: TaskFailure['kind'], code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = { kind, code, message };
  }
}
