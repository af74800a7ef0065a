/**
 * One client on a WebSocket: what it says, and the events of the jobs it subscribed to.
 *
 * At most `HIGH_WATER_BYTES` wait for a client. Above that its jobs pause at their places in
 * PostgreSQL and go on when it has caught up; one that does not read for half a minute is closed,
 * and can resume where it was with `after`.
 */
import type { RawData, WebSocket } from 'ws';
import { clientMessage, type ClientMessage, fromWire, type JobId, type Problem } from '#contracts';
import type { JobFeed, JobSubscription, WatchedEvent } from '#platform/realtime';
import { ProblemError } from '../http/problem-error.js';
import { InvalidMessageError, TooManySubscriptionsError } from './live.errors.js';

const HIGH_WATER_BYTES = 256 * 1024;
const LOW_WATER_BYTES = 64 * 1024;
const STALLED_SECONDS = 30;
const MAX_SUBSCRIPTIONS = 100;
/** Messages of a client that may wait for their turn: all its subscriptions at once, and as many more. */
const MAX_PENDING = 2 * MAX_SUBSCRIPTIONS;

/** RFC 6455, section 7.4; 4000 and up are ours. */
export const closeCodes = {
  stopping: 1001,
  tooManyMessages: 1008,
  internalError: 1011,
  tooSlow: 1013,
  unauthenticated: 4401,
} as const;

export interface LiveSocketOptions {
  readonly socket: WebSocket;
  readonly feed: Pick<JobFeed, 'watch'>;
  /** @throws {ProblemError} where the client may not see the job. */
  readonly admit: (jobId: JobId['jobId']) => Promise<unknown>;
  /** What nobody expected. */
  readonly failed: (error: unknown) => void;
}

export class LiveSocket {
  private readonly subscriptions = new Map<string, JobSubscription>();
  private readonly paused = new Set<JobSubscription>();
  private stalledSince: number | null = null;
  private hasAnswered = true;
  private pending = 0;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: LiveSocketOptions) {
    const { socket } = options;
    socket.on('message', (data: RawData) => this.hear(String(data)));
    socket.on('pong', () => (this.hasAnswered = true));
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => this.forgetAll());
  }

  /** Begins to send the events of a job after a number. */
  async subscribe(jobId: string, after: number): Promise<void> {
    await this.options.admit(jobId);
    if (this.options.socket.readyState !== this.options.socket.OPEN) return;
    this.unsubscribe(jobId);
    if (this.subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new TooManySubscriptionsError(MAX_SUBSCRIPTIONS);
    }
    const subscription = this.options.feed.watch(jobId, after, {
      receive: (event) => this.deliver(event, subscription),
    });
    this.subscriptions.set(jobId, subscription);
  }

  /** Every half a minute or so: is the client still there, and does it read? */
  checkPulse(now = performance.now()): void {
    const { socket } = this.options;
    if (!this.hasAnswered) return socket.terminate();
    if (this.stalledSince !== null && now - this.stalledSince > STALLED_SECONDS * 1000) {
      return this.close(closeCodes.tooSlow, 'Too slow; come back and resume with "after"');
    }
    this.hasAnswered = false;
    socket.ping();
  }

  /** The client has two seconds to say goodbye. */
  close(code: number, reason: string): void {
    this.forgetAll();
    this.options.socket.close(code, reason);
    setTimeout(() => this.options.socket.terminate(), 2000).unref();
  }

  private hear(text: string): void {
    this.pending += 1;
    if (this.pending > MAX_PENDING) {
      return this.close(closeCodes.tooManyMessages, 'Too many messages at once');
    }
    // One after the other: an unsubscribe must not overtake the subscribe before it.
    this.turn = this.turn
      .then(() => this.obey(text))
      .catch((error: unknown) => {
        this.options.failed(error);
        this.close(closeCodes.internalError, 'Something broke on our side');
      })
      .finally(() => (this.pending -= 1));
  }

  private async obey(text: string): Promise<void> {
    let taskId: string | undefined;
    try {
      const message = readMessage(text);
      if (message.type === 'ping') return this.say({ type: 'pong' });
      taskId = message.taskId;
      if (message.type === 'unsubscribe_task') return this.unsubscribe(taskId);
      await this.subscribe(taskId, message.after ?? 0);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.say({ type: 'error', task_id: taskId, problem: problemOf(error) });
    }
  }

  private deliver(event: WatchedEvent, subscription: JobSubscription): boolean {
    this.options.socket.send(textOf(event), () => this.drained());
    if (this.options.socket.bufferedAmount < HIGH_WATER_BYTES) return true;
    this.stalledSince ??= performance.now();
    this.paused.add(subscription);
    return false;
  }

  private drained(): void {
    if (this.options.socket.bufferedAmount > LOW_WATER_BYTES) return;
    this.stalledSince = null; // also where it has unsubscribed from what it was too slow for
    const waiting = [...this.paused];
    this.paused.clear();
    for (const subscription of waiting) subscription.resume();
  }

  private say(message: object): void {
    this.options.socket.send(JSON.stringify(message), () => undefined);
  }

  private unsubscribe(jobId: string): void {
    const subscription = this.subscriptions.get(jobId);
    if (!subscription) return;
    subscription.close();
    this.paused.delete(subscription);
    this.subscriptions.delete(jobId);
  }

  private forgetAll(): void {
    for (const jobId of [...this.subscriptions.keys()]) this.unsubscribe(jobId);
  }
}

function readMessage(text: string): ClientMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InvalidMessageError('A message is one JSON object.');
  }
  const parsed = clientMessage.safeParse(json);
  if (parsed.success) return fromWire(clientMessage, parsed.data) as ClientMessage;
  const [issue] = parsed.error.issues;
  throw new InvalidMessageError(`#/${issue.path.join('/')} ${issue.message}`);
}

const problemOf = (error: ProblemError): Problem => ({
  type: `/problems/${error.slug}`,
  title: error.title,
  status: error.getStatus(),
  detail: error.detail,
  ...error.extensions,
});

/** Written once, however many clients watch. */
const texts = new WeakMap<WatchedEvent, string>();
function textOf(event: WatchedEvent): string {
  let text = texts.get(event);
  if (text === undefined) {
    text = JSON.stringify(event);
    texts.set(event, text);
  }
  return text;
}
