/**
 * Applies prisma/migrations without Prisma's schema engine, which is a separate download.
 *
 * Bookkeeping is Prisma's own (`_prisma_migrations`, SHA-256 of each file), so that
 * `prisma migrate deploy` takes over on the same database wherever the engine is at hand.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** Any number that no other user of the database takes; processes that migrate queue up on it. */
const ADVISORY_LOCK = 7_237_411_905;

const BOOKKEEPING = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

export class MigrationError extends Error {}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The folder prisma/migrations of this checkout or image, from source and from dist alike. */
export function migrationsFolder(): string {
  const here = fileURLToPath(import.meta.url);
  const root = here.slice(0, here.lastIndexOf('libs')).replace(/dist[\\/]$/, '');
  return join(root, 'prisma', 'migrations');
}

export async function readMigrations(folder = migrationsFolder()): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Applies what is missing, each migration in a transaction of its own; answers their names.
 *
 * @throws {MigrationError} where an applied migration was changed, is unknown here, or failed.
 */
export async function migrate(databaseUrl: string, folder?: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(BOOKKEEPING);
    const pending = await pendingMigrations(client, await readMigrations(folder));
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

/** Names of migrations that this code needs and the database lacks; the whole list when it is empty. */
export async function missingMigrations(
  client: Pick<pg.Client, 'query'>,
  folder?: string,
): Promise<string[]> {
  const known = await readMigrations(folder);
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  );
  if (!rows[0].exists) return known.map((migration) => migration.name);
  return (await pendingMigrations(client, known)).map((migration) => migration.name);
}

async function pendingMigrations(
  client: Pick<pg.Client, 'query'>,
  known: readonly Migration[],
): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; done: boolean }>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS done
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  for (const row of rows) {
    const migration = known.find((candidate) => candidate.name === row.migration_name);
    // An older release may run on a newer schema: migrations only add.
    if (!migration) continue;
    if (!row.done) {
      throw new MigrationError(
        `Migration ${row.migration_name} began and did not finish; see docs/operations.md.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationError(
        `Migration ${row.migration_name} was changed after it had been applied; restore its file.`,
      );
    }
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  return known.filter((migration) => !applied.has(migration.name));
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO _prisma_migrations
         (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(`Migration ${migration.name} failed and was undone: ${reason}`, {
      cause,
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env.DATABASE_URL;
  if (!url) {
    process.stderr.write('DATABASE_URL is not set: it names the database to migrate.\n');
    process.exit(2);
  }
  const applied = await migrate(url);
  process.stdout.write(
    applied.length ? `Applied ${applied.join(', ')}\n` : 'The database is up to date\n',
  );
}
