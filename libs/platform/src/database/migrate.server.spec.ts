import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/services.js';
import { Database, SchemaNotMigratedError } from './database.js';
import { migrate, migrationsFolder, readMigrations } from './migrate.js';

describe('migrate', () => {
  let url: string;
  let drop: () => Promise<void>;
  let folder: string;

  beforeEach(async () => {
    ({ url, drop } = await freshDatabase());
    folder = await mkdtemp(join(tmpdir(), 'lightfold-migrations-'));
    await cp(migrationsFolder(), folder, { recursive: true });
  });

  afterEach(async () => {
    await drop();
    await rm(folder, { recursive: true });
  });

  const add = async (name: string, sql: string) => {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'migration.sql'), sql);
  };

  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('C.3 applies what is missing once, in order, with the bookkeeping of Prisma', async () => {
    const known = await readMigrations(folder);
    expect(await migrate(url, folder)).toEqual(known.map(({ name }) => name));
    expect(await migrate(url, folder)).toEqual([]);
    await add('29990101000000_later', 'CREATE TABLE later (id int)');
    expect(await migrate(url, folder)).toEqual(['29990101000000_later']);
    const rows = await query(
      'SELECT migration_name, checksum, finished_at, applied_steps_count FROM _prisma_migrations ORDER BY 1',
    );
    expect(rows[0]).toMatchObject({ checksum: known[0].checksum, applied_steps_count: 1 });
    expect(rows[0].finished_at).toBeInstanceOf(Date);
  });

  it('applies once where several processes start at the same moment', async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(url, folder)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });

  it('undoes a migration that fails, and names it', async () => {
    await migrate(url, folder);
    await add('29990101000000_broken', 'CREATE TABLE half (id int); SELECT nonsense;');
    await expect(migrate(url, folder)).rejects.toThrow(
      /29990101000000_broken failed and was undone: .*nonsense/,
    );
    expect(await query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
    await add('29990101000000_broken', 'CREATE TABLE half (id int)');
    expect(await migrate(url, folder)).toEqual(['29990101000000_broken']);
  });

  it('refuses a migration that was changed after it had been applied', async () => {
    await add('29990101000000_later', 'CREATE TABLE later (id int)');
    await migrate(url, folder);
    await add('29990101000000_later', 'CREATE TABLE later (id bigint)');
    await expect(migrate(url, folder)).rejects.toThrow(/29990101000000_later was changed/);
  });

  it('C.22 lets the release before run on a newer schema', async () => {
    await add('29990101000000_later', 'CREATE TABLE later (id int)');
    await migrate(url, folder);
    expect(await migrate(url)).toEqual([]);
  });

  it('C.17 keeps an app from starting on a schema that lacks migrations', async () => {
    const database = new Database({ databaseUrl: url, poolSize: 2 });
    await expect(database.refuseUnmigratedSchema()).rejects.toThrow(SchemaNotMigratedError);
    await migrate(url);
    await expect(database.refuseUnmigratedSchema()).resolves.toBeUndefined();
    await database.onApplicationShutdown();
  });
});
