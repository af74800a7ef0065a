/**
 * Stands between the apps and the object store, so that a test can hold a download open while it
 * breaks something else, or make the store fail.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ObjectProxy {
  readonly url: string;
  /** Downloads of keys with this in them begin, and wait; answers how to let them go on. */
  hold(part: string): () => void;
  /** Downloads of keys with this in them are refused with status 500; answers how to mend that. */
  fail(part: string): () => void;
  /** How many downloads wait at this moment. */
  readonly held: number;
  close(): Promise<void>;
}

export async function startObjectProxy(storeUrl: string): Promise<ObjectProxy> {
  const store = new URL(storeUrl);
  const holds = new Map<string, Promise<void>>();
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
    const hold = [...holds].find(([part]) => isDownload && path.includes(part))?.[1];
    pass(incoming, outgoing, async () => {
      if (!hold) return;
      held += 1;
      const gone = new Promise<void>((resolve) => outgoing.once('close', resolve));
      await Promise.race([hold, gone]);
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
        outgoing.writeHead(answer.statusCode!, answer.headers);
        outgoing.flushHeaders();
        void beforeBody().then(() => answer.pipe(outgoing));
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold(part) {
      const { promise, resolve } = Promise.withResolvers<void>();
      holds.set(part, promise);
      return () => {
        holds.delete(part);
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
