import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Database, migrate } from '#platform/database';

/** A database of its own on the real server, migrated; `drop` closes and removes it. */
export async function createTestDatabase(): Promise<{
  database: Database;
  url: string;
  drop: () => Promise<void>;
}> {
  const server = serverUrl('DATABASE_URL');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await migrate(url);
  const database = new Database({ databaseUrl: url, poolSize: 5 });
  return {
    database,
    url,
    drop: async () => {
      await database.onApplicationShutdown();
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** URL of a real server, as `npm test` starts and names it. */
export function serverUrl(
  name: 'DATABASE_URL' | 'BROKER_URL' | 'REDIS_URL' | 'S3_ENDPOINT',
): string {
  const url = process.env[name];
  if (!url) throw new Error(`${name} is not set: run these tests with "npm test", which starts it`);
  return url;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
