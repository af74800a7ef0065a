import { connect, createServer, type Socket } from 'node:net';

export interface SilentBroker {
  /** The broker's URL, by way of here. */
  readonly url: string;
  /** While true nothing that the broker says comes through but its heartbeats. */
  isSilent: boolean;
  close(): Promise<void>;
}

/** AMQP 0-9-1, section 2.3.5: type, channel, size, payload, end. */
const HEADER_BYTES = 7;
const HEARTBEAT = 8;

/**
 * A way to a real broker that can keep back its answers. The connection stays alive, as it does
 * when the broker waits for a queue that has lost its leader.
 */
export async function silentBroker(brokerUrl: string): Promise<SilentBroker> {
  const target = new URL(brokerUrl);
  const sockets = new Set<Socket>();
  const state = { isSilent: false };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    let rest = Buffer.alloc(0);
    far.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= HEADER_BYTES) {
        const size = HEADER_BYTES + rest.readUInt32BE(3) + 1;
        if (rest.length < size) return;
        if (!state.isSilent || rest[0] === HEARTBEAT) near.write(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return Object.assign(state, {
    url: Object.assign(new URL(brokerUrl), { hostname: '127.0.0.1', port: String(port) }).href,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}
