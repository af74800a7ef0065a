import type { TaskKind, TaskMessage } from '#contracts';

export interface QueueDepth {
  readonly name: TaskKind;
  /** Messages that nobody has taken. */
  readonly ready: number;
}

/** What carries the messages of some kinds of tasks to the workers: it may lose all of them. */
export interface Carrier {
  readonly queues: readonly TaskKind[];
  readonly isConnected: boolean;
  /** Resolves once a queue has the message; rejects where that is not sure. */
  publish(queue: TaskKind, message: TaskMessage): Promise<void>;
  queueStats(): Promise<readonly QueueDepth[]>;
  /** Calls back whenever the connection came (back) or went; answers how to stop that. */
  onChange(listener: () => void): () => void;
}
