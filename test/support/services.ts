/**
 * The real servers that the tests share, and what keeps test files out of each other's way: a
 * database, a key prefix, a queue prefix of their own.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A setting that services.setup.ts has made. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this test belongs to a project with servers.`);
  return value;
}

/** A short name that no other test has, safe in a database name, a key and a queue. */
export const uniqueName = (prefix: string) => `${prefix}_${randomBytes(6).toString('hex')}`;

/** An empty database on the shared server. */
export async function freshDatabase(prefix = 'test'): Promise<TestDatabase> {
  const name = uniqueName(prefix);
  await administrate(`CREATE DATABASE "${name}"`);
  const url = new URL(setting('DATABASE_URL'));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => administrate(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  };
}

async function administrate(statement: string): Promise<void> {
  const url = new URL(setting('DATABASE_URL'));
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
