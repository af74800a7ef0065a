import { answer, jobEvent, type JobEvent } from '#contracts';
import { renewSession } from './client';
import { getSession } from './session';

type Listener = (event: JobEvent) => void;

interface Watch {
  lastSeq: number;
  readonly listeners: Set<Listener>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * One socket for all jobs on screen. After a break it comes back and asks each job's server side
 * for what came after the last event seen, so that nothing is missed and nothing comes twice.
 */
class Live {
  private readonly watches = new Map<string, Watch>();
  private readonly clientId = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  private socket: WebSocket | null = null;
  private waitMs = FIRST_WAIT_MS;

  watch(jobId: string, listener: Listener): () => void {
    const watch = this.watches.get(jobId) ?? { lastSeq: 0, listeners: new Set<Listener>() };
    const isNew = !this.watches.has(jobId);
    this.watches.set(jobId, watch);
    watch.listeners.add(listener);
    if (isNew && this.socket?.readyState === WebSocket.OPEN) this.subscribe(jobId, watch);
    if (!this.socket) this.connect();
    return () => {
      watch.listeners.delete(listener);
      if (watch.listeners.size > 0) return;
      this.watches.delete(jobId);
      this.say({ type: 'unsubscribe_task', task_id: jobId });
    };
  }

  private connect(): void {
    const session = getSession();
    if (!session) return;
    const url = new URL(`/ws/${this.clientId}`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    url.searchParams.set('access_token', session.accessToken);
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => {
      this.waitMs = FIRST_WAIT_MS;
      for (const [jobId, watch] of this.watches) this.subscribe(jobId, watch);
    };
    socket.onmessage = (message) => this.receive(String(message.data));
    socket.onclose = () => this.comeBack();
  }

  private comeBack(): void {
    this.socket = null;
    if (this.watches.size === 0) return;
    setTimeout(() => {
      // The token may have expired while the socket was open.
      void renewSession()
        .catch(() => null)
        .then(() => this.socket ?? this.connect());
    }, this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  private subscribe(jobId: string, watch: Watch): void {
    this.say({ type: 'subscribe_task', task_id: jobId, after: watch.lastSeq });
  }

  private receive(text: string): void {
    const json = JSON.parse(text) as { type: string };
    if (!['progress', 'complete', 'failed'].includes(json.type)) return;
    const event = answer(jobEvent, json);
    const watch = this.watches.get(event.taskId);
    if (!watch || event.seq <= watch.lastSeq) return;
    watch.lastSeq = event.seq;
    for (const listener of watch.listeners) listener(event);
  }

  private say(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

export const live = new Live();
