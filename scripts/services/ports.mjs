/** Ports: free ones for what only we use, a clear sentence for the one that the user chose. */
import { randomInt } from 'node:crypto';
import { createServer, connect } from 'node:net';

// Below the range from which Linux takes the ports of outgoing connections (32768 and up), so that
// none of those can take a port between our look and the server's bind.
const LOWEST = 20_000;
const HIGHEST = 32_000;

const handedOut = new Set();

/** A free port: `preferred` if nothing uses it, otherwise any. Never the same one twice. */
export async function freePort(preferred) {
  if (preferred && !handedOut.has(preferred) && (await isFree(preferred))) {
    handedOut.add(preferred);
    return preferred;
  }
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!handedOut.has(port) && (await isFree(port))) {
      handedOut.add(port);
      return port;
    }
  }
  throw new Error(`No free port between ${LOWEST} and ${HIGHEST} on this machine.`);
}

/** Whether a server could bind this port, on one address and on all. */
export async function isFree(port) {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    const error = await tryToListen(port, host);
    if (error && !['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'].includes(error.code)) return false;
  }
  return true;
}

/** Refuses a port that the user chose and that is taken or not ours to bind. */
export async function checkChosenPort(port, setting) {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${setting} is not a port: it must be a whole number from 1 to 65535.`);
  }
  const error = (await tryToListen(port, '127.0.0.1')) ?? (await tryToListen(port, '0.0.0.0'));
  if (error?.code === 'EADDRINUSE') {
    throw new Error(
      `Port ${port} is already taken by another program. Stop that program, or choose another ` +
        `port: ${setting}=${port === 65_535 ? 8001 : port + 1} npm start`,
    );
  }
  if (error?.code === 'EACCES') {
    throw new Error(
      `Port ${port} may only be opened by root. Choose one above 1023: ${setting}=8000 npm start`,
    );
  }
  if (error) throw new Error(`Port ${port} cannot be opened: ${error.message}`, { cause: error });
}

/** Whether something accepts connections there. */
export function accepts(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const answer = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(2000, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

function tryToListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
