/**
 * Stands between the apps and the object store, so that a test can hold a download open while it
 * breaks something else, or make the store fail.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ObjectProxy {
  readonly url: string;
  /** Requests for keys with this in them begin, and wait; answers how to let them go on. */
  hold(part: string, method?: 'GET' | 'PUT'): () => void;
  /** Downloads of keys with this in them are refused with status 500; answers how to mend that. */
  fail(part: string): () => void;
  /** How many requests wait at this moment. */
  readonly held: number;
  close(): Promise<void>;
}

export async function startObjectProxy(storeUrl: string): Promise<ObjectProxy> {
  const store = new URL(storeUrl);
  const holds = new Set<{ part: string; method: string; over: Promise<void> }>();
  const failures = new Set<string>();
  let held = 0;

  const server = createServer((incoming, outgoing) => {
    const path = decodeURIComponent(incoming.url ?? '');
    const isDownload = incoming.method === 'GET';
    if (isDownload && [...failures].some((part) => path.includes(part))) {
      incoming.resume();
      outgoing.writeHead(500).end();
      return;
    }
    const hold = [...holds].find(
      ({ part, method }) => method === incoming.method && path.includes(part),
    );
    pass(incoming, outgoing, async () => {
      if (!hold) return;
      held += 1;
      const gone = new Promise<void>((resolve) => outgoing.once('close', resolve));
      await Promise.race([hold.over, gone]);
      held -= 1;
    });
  });

  const pass = (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    beforeBody: () => Promise<void>,
  ) => {
    const onward = request(
      {
        host: store.hostname,
        port: store.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers, // the host as well: it is signed
      },
      (answer) => {
        const sendHead = () => {
          outgoing.writeHead(answer.statusCode!, answer.headers);
          outgoing.flushHeaders();
        };
        // Who uploads waits for the head alone: what follows is empty.
        const isUpload = incoming.method === 'PUT';
        if (!isUpload) sendHead();
        void beforeBody().then(() => {
          if (isUpload) sendHead();
          answer.pipe(outgoing);
        });
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold(part, method = 'GET') {
      const { promise, resolve } = Promise.withResolvers<void>();
      const hold = { part, method, over: promise };
      holds.add(hold);
      return () => {
        holds.delete(hold);
        resolve();
      };
    },
    fail(part) {
      failures.add(part);
      return () => failures.delete(part);
    },
    get held() {
      return held;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
