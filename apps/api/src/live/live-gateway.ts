/**
 * `GET /ws/{id}`. Plain `ws` on the server's upgrade event: Nest's gateways match fixed paths only,
 * and would accept a client before they know who it is.
 */
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { JobFeed } from '#platform/realtime';
import { Logger } from '#platform/telemetry';
import { Authenticator } from '../auth/authenticator.js';
import { JobsService } from '../detections/jobs.service.js';
import { Drain } from '../health/drain.js';
import type { Caller } from '../http/access.js';
import { NotFoundError } from '../http/http.errors.js';
import { LiveConnections } from './live-connections.js';
import { closeCodes, LiveSocket } from './live-socket.js';

const PATH = /^\/ws\/([^/]{1,200})$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Larger than any message that we understand. */
const MAX_MESSAGE_BYTES = 4096;
const PULSE_SECONDS = 30;

interface Connection {
  readonly live: LiveSocket;
  readonly token: string;
}

@Injectable()
export class LiveGateway implements OnApplicationBootstrap {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false, // events are small; a window for each client is not
  });
  private readonly connections = new Set<Connection>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly authenticator: Authenticator,
    private readonly jobs: JobsService,
    private readonly feed: JobFeed,
    private readonly drain: Drain,
    private readonly counter: LiveConnections,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server;
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      this.admit(request, socket, head).catch((error: unknown) => {
        this.logger.error({ error }, 'Live connection could not be opened');
        refuse(socket, 503, 'Try again later.');
      });
    });
    const pulse = setInterval(() => this.checkAll(), PULSE_SECONDS * 1000).unref();
    this.drain.onBegin(() => {
      clearInterval(pulse);
      this.closeAll();
    });
  }

  /** Closes who may not watch any more (expired, logged out, removed) or is gone. */
  checkAll(): void {
    for (const connection of this.connections) {
      connection.live.checkPulse();
      this.authenticator.authenticate(connection.token).then(
        (caller) => {
          if (!caller) connection.live.close(closeCodes.unauthenticated, 'Token is not valid');
        },
        () => undefined, // A database that is away says nothing about the client.
      );
    }
  }

  private async admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const id = PATH.exec(url.pathname)?.[1];
    if (id === undefined) return refuse(socket, 404, 'WebSockets are at /ws/{id}.');
    if (this.drain.hasBegun) return refuse(socket, 503, 'This process is stopping.');
    const token = tokenOf(request, url);
    const caller = token === null ? null : await this.authenticator.authenticate(token);
    if (token === null || !caller) {
      return refuse(socket, 401, 'Connect with ?access_token=<access token or api key>.');
    }
    if (socket.destroyed) return;
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      this.open(webSocket, caller, token, id, url);
    });
  }

  private open(socket: WebSocket, caller: Caller, token: string, id: string, url: URL): void {
    const live = new LiveSocket({
      socket,
      feed: this.feed,
      admit: (jobId) => this.jobs.get(caller.teamId, jobId),
      failed: (error) => this.logger.error({ error }, 'Live message failed'),
    });
    const connection = { live, token };
    this.connections.add(connection);
    const closed = this.counter.opened('websocket');
    socket.on('close', () => {
      this.connections.delete(connection);
      closed();
    });
    if (UUID.test(id)) this.subscribeByPath(live, id.toLowerCase(), url);
  }

  /** An id that is no job of the team is the client's own name for itself. */
  private subscribeByPath(live: LiveSocket, id: string, url: URL): void {
    const after = Number(url.searchParams.get('after') ?? 0);
    live.subscribe(id, Number.isSafeInteger(after) && after > 0 ? after : 0).catch((error) => {
      if (error instanceof NotFoundError) return;
      this.logger.error({ error }, 'Live subscription failed');
      live.close(closeCodes.internalError, 'Something broke on our side');
    });
  }

  private closeAll(): void {
    for (const { live } of this.connections) {
      live.close(closeCodes.stopping, 'This process is stopping; connect again');
    }
  }
}

/** Browsers can set no header on a WebSocket; programs may. */
function tokenOf({ headers }: IncomingMessage, url: URL): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const key = headers['x-api-key'];
  return bearer ?? (typeof key === 'string' ? key : url.searchParams.get('access_token'));
}

const SLUGS: Readonly<Record<number, readonly [slug: string, title: string]>> = {
  401: ['unauthenticated', 'Who are you?'],
  404: ['not-found', 'Not found'],
  503: ['unavailable', 'Not available'],
};

/** An HTTP answer instead of a handshake. */
function refuse(socket: Duplex, status: 401 | 404 | 503, detail: string): void {
  const [slug, title] = SLUGS[status];
  // Nobody reads an upgraded socket, so that its other side's goodbye would never be noticed.
  socket.once('finish', () => socket.destroy());
  const body = JSON.stringify({ type: `/problems/${slug}`, title, status, detail });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
      '',
      body,
    ].join('\r\n'),
  );
}
