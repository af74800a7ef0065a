import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { JobListener } from '#platform/realtime';
import { LiveSocket } from './live-socket.js';

const server = new WebSocketServer({ port: 0, perMessageDeflate: false });
afterAll(() => server.close());

it('keeps a client that was slow, gave that job up and has caught up', async () => {
  const { port } = server.address() as AddressInfo;
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const socket = await accepted;
  let listener: JobListener | undefined;
  const live = new LiveSocket({
    socket,
    feed: {
      watch: (_job, _after, watching) => {
        listener = watching;
        return { resume: () => undefined, close: () => undefined };
      },
    },
    admit: () => Promise.resolve(),
    failed: (error) => {
      throw error;
    },
  });
  await vi.waitUntil(() => client.readyState === WebSocket.OPEN);
  const jobId = '019a0000-0000-7000-8000-000000000001';
  await live.subscribe(jobId, 0);
  client.pause();
  const message = 'x'.repeat(1_000_000);
  for (let seq = 1; listener!.receive({ type: 'progress', seq, message } as never); seq++) {
    await wait(1);
  }
  client.send(JSON.stringify({ type: 'unsubscribe_task', task_id: jobId }));
  await wait(50);
  client.resume();
  await vi.waitUntil(() => socket.bufferedAmount === 0);
  await wait(50);
  live.checkPulse(performance.now() + 60_000);
  await wait(100);
  expect(client.readyState).toBe(WebSocket.OPEN);
  client.terminate();
});
