import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps connections on which nothing happens from holding up the end.
 *
 * A server that closes waits for its connections. It drops the idle ones only once, at the start,
 * so that one kept alive after a later answer would hold it for over a minute; and it takes one on
 * which nothing was asked yet, as browsers open them ahead of need, for a busy one.
 */
@Injectable()
export class IdleConnections
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly unused = new Set<Socket>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly host: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    const used = ({ socket }: IncomingMessage) => this.unused.delete(socket);
    this.server
      .on('connection', (socket) => {
        this.unused.add(socket);
        socket.once('close', () => this.unused.delete(socket));
      })
      .on('request', used)
      .on('upgrade', used);
  }

  beforeApplicationShutdown(): void {
    this.timer = setInterval(() => {
      this.server.closeIdleConnections();
      for (const socket of this.unused) socket.destroy();
    }, 100);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private get server(): Server {
    return this.host.httpAdapter.getHttpServer() as Server;
  }
}
