import type { ClientBase } from 'pg';
import type { TaskKind } from '#contracts';
import type { ClaimedTask } from '#platform/jobs';
import type { ThreadNote } from './thread-pool.js';

/** What the work of a task may use while it runs. */
export interface TaskContext {
  readonly signal: AbortSignal;
  readonly note: (note: ThreadNote) => void;
}

/** A task that went well: what to remember of it, and how to store what it found. */
export interface FinishedTask {
  readonly result: object;
  /** Runs in the transaction that ends the task, once its lease was found good. */
  readonly write: (client: ClientBase) => Promise<void>;
}

/** The work of one kind of task. */
export interface TaskHandler {
  readonly kind: TaskKind;
  /** @throws {TaskError}, or anything else: see `failureOf`. */
  run(task: ClaimedTask, context: TaskContext): Promise<FinishedTask>;
  /** Keys of objects that earlier attempts may have left behind. */
  leftovers?(task: ClaimedTask): readonly string[];
}
