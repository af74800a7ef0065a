import type { ClaimedTask, TaskEpochs, TaskProgress } from '#platform/jobs';
import type { StopReason } from './task-failure.js';
import type { ThreadNote } from './thread-pool.js';

/** A task that this worker holds a lease on. */
export class RunningTask {
  readonly startedMs = performance.now();
  /** Keys of objects stored so far: garbage, if the task comes to nothing. */
  readonly objectKeys: string[] = [];
  stopReason: StopReason | undefined;
  private readonly controller = new AbortController();
  private progress = 0;
  private stage = 'load';
  private message = '';
  private epochs: TaskEpochs | undefined;

  constructor(readonly task: ClaimedTask) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the thread that runs it. The first reason counts. */
  stop(reason: StopReason): void {
    if (this.stopReason) return;
    this.stopReason = reason;
    this.controller.abort();
  }

  note(note: ThreadNote): void {
    if (note.type === 'object') this.objectKeys.push(note.key);
    if (note.type !== 'progress') return;
    this.progress = Math.min(100, Math.max(0, note.progress));
    this.stage = note.stage;
    this.message = note.message;
    this.epochs = note.epochs;
  }

  get seconds(): number {
    return (performance.now() - this.startedMs) / 1000;
  }

  /** For the heartbeat. */
  snapshot(): TaskProgress {
    const { progress, stage, message, epochs } = this;
    return { lease: this.task.lease, progress, stage, message, epochs };
  }
}
