import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { Problem } from '#contracts';

interface Refusal {
  readonly status: number;
  readonly slug: string;
  readonly detail: string;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    slug: 'headers-too-large',
    detail: 'The address and the headers of a request are at most 16 KiB together.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    slug: 'request-timeout',
    detail: 'The request did not arrive in time.',
  },
};
const NO_HTTP: Refusal = { status: 400, slug: 'bad-request', detail: 'This is no HTTP request.' };

/** What Node refuses before there is a request that a route or a filter could answer. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy(error);
  const { status, slug, detail } = REFUSALS[error.code ?? ''] ?? NO_HTTP;
  const title = STATUS_CODES[status] ?? 'Refused';
  const problem: Problem = { type: `/problems/${slug}`, title, status, detail };
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Content-Type: application/problem+json',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
