import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './passwords.js';

describe('passwords', () => {
  it('C.13 are stored as argon2id with the parameters of OWASP', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashPassword('correct horse battery')).not.toBe(hash);
    expect(await verifyPassword(hash, 'correct horse battery')).toBe(true);
    expect(await verifyPassword(hash, 'correct horse batterz')).toBe(false);
  });

  it('cost an unknown account the time of a known one', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(await verifyPassword(null, 'nobody')).toBe(false);
    const known = await secondsOf(() => verifyPassword(hash, 'wrong'));
    const unknown = await secondsOf(() => verifyPassword(null, 'wrong'));
    expect(unknown / known).toBeGreaterThan(0.3);
    expect(unknown / known).toBeLessThan(3);
  });

  it('are computed beside the event loop', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await Promise.all([1, 2, 3, 4].map(() => hashPassword('correct horse battery')));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});

/** The quickest of a few: what the machine does beside it only ever adds. */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}
