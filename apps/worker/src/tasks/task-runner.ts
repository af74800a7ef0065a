/**
 * Takes messages, claims their tasks, has them done in threads, and writes what came of it.
 *
 * A message is answered when its task has ended here, well or badly: a worker that dies gives it
 * back to the broker. It is answered as well when there is nothing to do for it; whether a task
 * gets done hangs on its row alone, never on a message.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { queueNames, type TaskFailure, type TaskKind, type TaskMessage } from '#contracts';
import type { Database } from '#platform/database';
import {
  type ClaimedTask,
  type JobMetrics,
  type Lease,
  LeaseLostError,
  type Leases,
  type TaskOutcome,
} from '#platform/jobs';
import type { Broker, Delivery } from '#platform/messaging';
import { QueueConsumer } from '#platform/messaging';
import { type Logger, withLogContext } from '#platform/telemetry';
import { discardObjects } from './discard-objects.js';
import { RunningTask } from './running-task.js';
import { Slots } from './slots.js';
import { TaskError } from './task-error.js';
import { failureOf } from './task-failure.js';
import type { FinishedTask, TaskHandler } from './task-handler.js';

export interface TaskRunnerOptions {
  /** This worker's name: the owner of its leases. */
  readonly owner: string;
  readonly queues: readonly TaskKind[];
  readonly concurrency: number;
  /** A task that takes longer is stopped and parked. */
  readonly timeoutSeconds: number;
}

type Consumer = Pick<QueueConsumer<unknown>, 'attach' | 'pause' | 'close'>;

/** How long a claimed task waits for a thread before another worker may have it. */
const SLOT_WAIT_MS = 2000;
/** A worker that is full for this long lets the others have the messages. */
const FULL_MS = 250;
/** A broker closes the channel of a consumer that answers later than 30 minutes (its default). */
const ANSWER_AT_LATEST_MS = 20 * 60_000;
/** Pauses between attempts to write an ending while PostgreSQL is away. */
const WRITE_RETRIES_MS = [250, 500, 1000, 2000, 4000];

export class TaskRunner {
  private readonly running = new Map<string, RunningTask>();
  private readonly inHand = new Set<Promise<unknown>>();
  private readonly handlers: ReadonlyMap<string, TaskHandler>;
  private readonly consumers: readonly QueueConsumer<TaskMessage>[];
  private readonly guests: Consumer[] = [];
  private readonly ending = new AbortController();
  private readonly slots: Slots;
  private fullTimer: NodeJS.Timeout | undefined;
  private isResting = false;
  private isStopping = false;

  constructor(
    private readonly leases: Leases,
    private readonly database: Pick<Database, 'pool'>,
    broker: Broker,
    handlers: readonly TaskHandler[],
    private readonly options: TaskRunnerOptions,
    private readonly metrics: JobMetrics,
    private readonly logger: Logger,
    private readonly onJobFinished: (task: ClaimedTask) => void = () => undefined,
  ) {
    this.slots = new Slots(options.concurrency);
    this.handlers = new Map(handlers.map((handler) => [handler.kind, handler]));
    this.consumers = queueNames
      .filter((queue) => options.queues.includes(queue) && this.handlers.has(queue))
      .map((queue) => broker.topology.tasks(queue))
      .map((queue) => new QueueConsumer(broker, queue, (each) => this.receive(each), logger));
  }

  start(): void {
    this.attachWhileFree();
  }

  /** Whether this worker would get messages if there were any. */
  get isConsuming(): boolean {
    if (this.isStopping) return false;
    // A full worker lets its consumers rest; that is no fault.
    return this.isResting || this.consumers.every((consumer) => consumer.isConsuming);
  }

  get tasks(): readonly RunningTask[] {
    return [...this.running.values()];
  }

  /** Lets another consumer take messages while there are free slots. */
  consumeWhileFree(consumer: Consumer): void {
    this.guests.push(consumer);
    this.attachWhileFree();
  }

  /**
   * Does other work in a slot, or not at all where none comes free soon; answers which. It is waited
   * for as tasks are; `signal` ends it when a stopping worker waits no longer.
   */
  async lend(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const borrowed = (async () => {
      if (this.isStopping || !(await this.slots.take(SLOT_WAIT_MS))) return false;
      this.attachWhileFree();
      try {
        await work(this.ending.signal);
        return true;
      } finally {
        this.slots.giveBack();
        this.attachWhileFree();
      }
    })();
    this.inHand.add(borrowed);
    return borrowed.finally(() => this.inHand.delete(borrowed));
  }

  /** Stops the tasks of a job that was cancelled. */
  cancelJob(jobId: string): void {
    for (const task of this.running.values()) {
      if (task.task.lease.jobId === jobId) task.stop('cancelled');
    }
  }

  stopTask(lease: Lease, reason: 'cancelled' | 'lost'): void {
    const task = this.running.get(lease.taskId);
    if (task?.task.lease.attempt === lease.attempt) task.stop(reason);
  }

  /**
   * Takes no more messages, waits for what runs, and hands back what has not ended in time.
   */
  async drain(seconds: number): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.fullTimer);
    await Promise.all(this.allConsumers.map((consumer) => consumer.pause()));
    const deadline = AbortSignal.timeout(Math.max(1, seconds * 1000));
    const ended = async () => {
      while (this.inHand.size > 0) await Promise.all(this.inHand);
    };
    const tooLate = new Promise((resolve) => deadline.addEventListener('abort', resolve));
    await Promise.race([ended(), tooLate]);
    for (const task of this.running.values()) task.stop('drain');
    this.ending.abort();
    await ended();
    await Promise.all(this.allConsumers.map((consumer) => consumer.close()));
  }

  /** Takes a message: of the broker, or of a consumer that shares the slots. */
  receive(delivery: Delivery<TaskMessage>): void {
    const { message } = delivery;
    const context = {
      requestId: message.request_id ?? undefined,
      teamId: message.team_id,
      jobId: message.job_id,
      taskId: message.task_id,
    };
    const work = withLogContext(context, () => this.answer(delivery)).catch((error: unknown) =>
      this.logger.error({ error }, 'A message could not be handled'),
    );
    this.inHand.add(work);
    void work.finally(() => this.inHand.delete(work));
  }

  private async answer(delivery: Delivery<TaskMessage>): Promise<void> {
    const claimed = await this.claim(delivery.message.task_id);
    if (!claimed) {
      if (!this.isStopping) {
        this.logger.debug({ redelivered: delivery.redelivered }, 'Nothing to do for a message');
        delivery.ack();
      }
      return;
    }
    const latest = setTimeout(() => delivery.ack(), ANSWER_AT_LATEST_MS);
    try {
      await withLogContext({ attempt: claimed.lease.attempt }, () => this.runClaimed(claimed));
    } finally {
      clearTimeout(latest);
      delivery.ack();
    }
  }

  /** Keeps at it while PostgreSQL is away: the message stays in hand. */
  private async claim(taskId: string): Promise<ClaimedTask | null> {
    while (!this.isStopping) {
      try {
        return await this.leases.claim(taskId, this.options.owner);
      } catch (error) {
        this.logger.warn({ error }, 'Task could not be claimed');
        await wait(1000);
      }
    }
    return null;
  }

  private async runClaimed(claimed: ClaimedTask): Promise<void> {
    const running = new RunningTask(claimed);
    this.running.set(claimed.lease.taskId, running);
    const hasSlot = await this.slots.take(SLOT_WAIT_MS);
    this.attachWhileFree();
    try {
      if (!hasSlot) await this.leases.handBack(claimed.lease).catch(ignoreLostLease);
      else await this.work(running);
    } finally {
      this.running.delete(claimed.lease.taskId);
      if (hasSlot) this.slots.giveBack();
      this.attachWhileFree();
    }
  }

  private async work(running: RunningTask): Promise<void> {
    const { task } = running;
    const { kind } = task;
    const timeout = setTimeout(() => running.stop('timeout'), this.options.timeoutSeconds * 1000);
    let outcome: string;
    try {
      this.logger.info({ kind, target: task.target }, 'Task began');
      const finished = await this.attempt(running);
      clearTimeout(timeout);
      outcome = await this.succeed(running, finished);
    } catch (error) {
      outcome = await this.giveUp(running, error);
    } finally {
      clearTimeout(timeout);
    }
    this.metrics.tasks.inc({ kind, outcome });
    this.metrics.taskSeconds.observe({ kind }, running.seconds);
    if (outcome === 'parked') this.metrics.parked.inc({ kind });
    if (outcome === 'lost') this.metrics.leasesLost.inc({ kind });
    this.logger.info({ kind, outcome, seconds: running.seconds }, 'Task ended');
  }

  private async attempt(running: RunningTask): Promise<FinishedTask> {
    const handler = this.handlers.get(running.task.kind);
    if (!handler) throw new Error(`No handler for tasks of kind ${running.task.kind}`);
    running.signal.throwIfAborted();
    const { signal } = running;
    const finished = await handler.run(running.task, {
      signal,
      note: (note) => {
        running.note(note);
        if (note.type === 'stage') {
          this.metrics.stageSeconds.observe({ stage: note.stage }, note.seconds);
        }
      },
    });
    signal.throwIfAborted();
    return finished;
  }

  private async succeed(running: RunningTask, finished: FinishedTask): Promise<string> {
    const { task } = running;
    const leftovers =
      task.lease.attempt > 1 ? (this.handlers.get(task.kind)?.leftovers?.(task) ?? []) : [];
    const write = async (client: Parameters<FinishedTask['write']>[0]) => {
      await finished.write(client);
      await discardObjects(client, leftovers);
    };
    return this.settle(running, () => this.leases.complete(task.lease, write, finished.result));
  }

  private async giveUp(running: RunningTask, error: unknown): Promise<string> {
    const { lease } = running.task;
    await this.discard(running);
    switch (running.stopReason) {
      case 'cancelled':
      case 'lost':
        return running.stopReason;
      case 'drain':
        await this.leases.handBack(lease).catch(ignoreLostLease);
        return 'handed_back';
      case 'timeout':
        return this.fail(running, {
          kind: 'fatal',
          code: 'timeout',
          message: `The task took longer than ${this.options.timeoutSeconds} s and was stopped.`,
        });
      case undefined:
        return this.fail(running, failureOf(error), error);
    }
  }

  private fail(running: RunningTask, failure: TaskFailure, error?: unknown): Promise<string> {
    const level = failure.kind === 'usage' ? 'info' : 'warn';
    this.logger[level]({ error, failure }, 'Task failed');
    return this.settle(running, () => this.leases.fail(running.task.lease, failure));
  }

  /** Writes an ending, also over a short absence of PostgreSQL. */
  private async settle(running: RunningTask, write: () => Promise<TaskOutcome>): Promise<string> {
    for (const pause of [...WRITE_RETRIES_MS, null]) {
      try {
        const { fate, jobFinished } = await write();
        if (jobFinished) this.onJobFinished(running.task);
        return fate;
      } catch (error) {
        if (error instanceof LeaseLostError) {
          await this.discard(running);
          return running.stopReason === 'cancelled' ? 'cancelled' : 'lost';
        }
        // What was found has no place any more: that is an end as well.
        if (error instanceof TaskError) throw error;
        this.logger.warn({ error }, 'The end of a task could not be written');
        if (pause !== null) await wait(pause);
      }
    }
    // Its lease runs out, and the task is done again.
    return 'lost';
  }

  /** What a task stored that came to nothing is deleted by the housekeeping. */
  private async discard(running: RunningTask): Promise<void> {
    const keys = running.objectKeys.splice(0);
    try {
      await discardObjects(this.database.pool, keys, running.task.lease);
    } catch (error) {
      this.logger.warn({ error, objects: keys.length }, 'Objects were left behind');
    }
  }

  private get allConsumers(): readonly Consumer[] {
    return [...this.consumers, ...this.guests];
  }

  /** A full worker leaves the messages to the others; a short moment of it is not worth the talk. */
  private attachWhileFree(): void {
    if (this.isStopping) return;
    const { free } = this.slots;
    if (free > 0) {
      clearTimeout(this.fullTimer);
      this.fullTimer = undefined;
      for (const consumer of this.allConsumers) consumer.attach(free);
      this.isResting = false;
      return;
    }
    this.fullTimer ??= setTimeout(() => {
      this.fullTimer = undefined;
      if (this.slots.free > 0 || this.isStopping) return;
      this.isResting = true;
      for (const consumer of this.allConsumers) void consumer.pause();
    }, FULL_MS);
  }
}

/** Somebody else has the task already: that is as good. */
function ignoreLostLease(error: unknown): void {
  if (!(error instanceof LeaseLostError)) throw error;
}
