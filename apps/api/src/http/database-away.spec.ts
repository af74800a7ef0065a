import { afterAll, describe, expect, it } from 'vitest';
import { Database } from '#platform/database';
import { PrismaDatabase } from '#platform/prisma';
import { isDatabaseAway } from './http.errors.js';

describe('a database that is away', () => {
  const connections = new Database({ databaseUrl: 'postgresql://nobody@127.0.0.1:1/none' });
  const nobody = new PrismaDatabase(connections);
  afterAll(() => connections.onApplicationShutdown());

  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => expect.unreachable('nobody listens there'),
      (error: unknown) => error,
    );

  it('is told from a fault of ours, whichever way it was asked', async () => {
    expect(isDatabaseAway(await failureOf(nobody.pool.query('SELECT 1')))).toBe(true);
    expect(isDatabaseAway(await failureOf(nobody.team.findFirst()))).toBe(true);
    const transaction = nobody.inTransaction((client) => client.query('SELECT 1'));
    expect(isDatabaseAway(await failureOf(transaction))).toBe(true);
  });

  it.each([
    ['PostgreSQL is shutting down', Object.assign(new Error('x'), { code: '57P01' }), true],
    ['a connection broke', new Error('Connection terminated unexpectedly'), true],
    [
      'the cause is that',
      new Error('x', { cause: Object.assign(new Error('y'), { code: '08006' }) }),
      true,
    ],
    ['a row was not unique', Object.assign(new Error('x'), { code: '23505' }), false],
    ['a program error', new TypeError('x is not a function'), false],
    ['no error at all', undefined, false],
  ])('%s', (_, error, isAway) => {
    expect(isDatabaseAway(error)).toBe(isAway);
  });
});
