import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkChosenPort, freePort, isFree } from './ports.mjs';

describe('a port that another program has', () => {
  let server: Server;
  let taken: number;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    taken = (server.address() as AddressInfo).port;
  });
  afterEach(() => server.close());

  it('is refused with a sentence that says what to do, where the user chose it', async () => {
    await expect(checkChosenPort(taken, 'PORT')).rejects.toThrow(
      `Port ${taken} is already taken by another program. Stop that program, or choose another ` +
        `port: PORT=${taken + 1} npm start`,
    );
  });

  it('is replaced by a free one, where it was only preferred', async () => {
    const port = await freePort(taken);
    expect(port).not.toBe(taken);
    expect(await isFree(port)).toBe(true);
  });
});

it('hands a port out once', async () => {
  const first = await freePort();
  const second = await freePort(first);
  expect(second).not.toBe(first);
});

it('refuses what is not a port', async () => {
  for (const value of [Number.NaN, 0, 65_536, 80.5]) {
    await expect(checkChosenPort(value, 'PORT')).rejects.toThrow('PORT is not a port');
  }
});
