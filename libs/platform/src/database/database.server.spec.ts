import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as wait } from 'node:timers/promises';
import { createTestDatabase } from '../../../../test/support/database.js';
import { setting } from '../../../../test/support/services.js';
import type { Database } from './database.js';

describe('a transaction', () => {
  let database: Database;
  let drop: () => Promise<void>;
  const errors: unknown[] = [];
  const remember = (error: unknown) => void errors.push(error);

  beforeAll(async () => {
    ({ database, drop } = await createTestDatabase());
    process.on('uncaughtException', remember);
  });
  afterAll(async () => {
    process.off('uncaughtException', remember);
    await drop();
  });

  it('whose connection breaks between two statements fails alone: the process goes on', async () => {
    const server = new pg.Client({ connectionString: setting('DATABASE_URL') });
    await server.connect();
    const work = database.inTransaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await server.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      await wait(200); // as if it asked the object store
      await client.query('SELECT 1');
    });
    await expect(work).rejects.toThrow();
    await server.end();
    expect(errors).toEqual([]);
    expect(
      await database.inTransaction(async (client) => (await client.query('SELECT 1')).rowCount),
    ).toBe(1);
  });
});
