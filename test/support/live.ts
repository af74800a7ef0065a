/** Clients that watch live: one on a WebSocket, one on Server-Sent Events. */
import { WebSocket } from 'ws';
import type { TestApi } from './api.js';

export interface LiveMessage {
  readonly type: string;
  readonly task_id?: string;
  readonly seq: number;
  readonly problem?: { readonly type: string; readonly detail: string };
}

export interface LiveClient {
  readonly socket: WebSocket;
  readonly messages: LiveMessage[];
  /** Numbers of the events of a job, in the order they came. */
  numbersOf(jobId: string): number[];
  say(message: unknown): void;
  /** Resolves with the code when the server closes. */
  readonly closed: Promise<number>;
}

/** Opens `/ws/{id}`; rejects with the status where the handshake is refused. */
export async function openSocket(
  api: Pick<TestApi, 'url'>,
  id: string,
  { token, query = '' }: { token: string; query?: string },
): Promise<LiveClient> {
  const address = `${api.url.replace('http', 'ws')}/ws/${id}?access_token=${token}${query}`;
  const socket = new WebSocket(address);
  const messages: LiveMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as LiveMessage));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', reject);
    socket.on('unexpected-response', (_, response) => {
      reject(new Error(`Handshake refused: ${response.statusCode}`));
      response.destroy();
    });
  });
  return {
    socket,
    messages,
    closed,
    numbersOf: (jobId) =>
      messages.filter(({ task_id, seq }) => task_id === jobId && seq).map(({ seq }) => seq),
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

export interface EventSourceClient {
  readonly status: number;
  readonly headers: Headers;
  readonly events: { readonly id: number; readonly data: LiveMessage }[];
  /** What is not an event: retry, comments. */
  readonly others: string[];
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

export async function openEvents(
  api: Pick<TestApi, 'url'>,
  jobId: string,
  { token, headers = {}, query = '' }: { token?: string; headers?: object; query?: string },
): Promise<EventSourceClient> {
  const abort = new AbortController();
  const answer = await fetch(`${api.url}/api/v1/jobs/${jobId}/events${query}`, {
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    signal: abort.signal,
  });
  const client = {
    status: answer.status,
    headers: answer.headers,
    events: [] as { id: number; data: LiveMessage }[],
    others: [] as string[],
  };
  const read = async () => {
    let rest = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = /^id: (\d+)\ndata: (.*)$/.exec(block);
        if (!event) client.others.push(block);
        else client.events.push({ id: Number(event[1]), data: JSON.parse(event[2]) });
      }
    }
  };
  const ended = read().catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  return { ...client, ended, close: () => abort.abort() };
}
