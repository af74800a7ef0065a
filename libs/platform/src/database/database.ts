import pg from 'pg';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { missingMigrations } from './migrate.js';

export interface DatabaseOptions {
  readonly databaseUrl: string;
  /** Connections of this process at most. @default 10 */
  readonly poolSize?: number;
}

export class SchemaNotMigratedError extends Error {
  constructor(missing: readonly string[]) {
    super(
      `DATABASE_URL names a database that lacks ${missing.length} migration(s) (${missing.join(', ')}): run "npm run migrate" first.`,
    );
  }
}

/** PostgreSQL. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly pool: pg.Pool;

  constructor(options: DatabaseOptions) {
    this.pool = new pg.Pool({
      connectionString: options.databaseUrl,
      max: options.poolSize ?? 10,
      connectionTimeoutMillis: 10_000,
      // A process that froze in the middle of a transaction must not hold its locks for ever.
      idle_in_transaction_session_timeout: 60_000,
    });
    // An idle connection that the server closes is replaced by the pool; it is not an error of ours.
    this.pool.on('error', () => undefined);
  }

  /** Runs `work` in one transaction on one connection; rolls back when it throws. */
  async inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    // A connection that breaks between two statements says so here, and nowhere else: without a
    // listener that ends the process. The next statement fails, and with it this transaction alone.
    const ignore = () => undefined;
    client.on('error', ignore);
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      // A connection that cannot roll back is broken and leaves the pool.
      const broken = await client.query('ROLLBACK').then(
        () => undefined,
        (cause: Error) => cause,
      );
      client.release(broken);
      throw error;
    } finally {
      client.off('error', ignore);
    }
  }

  /** @throws {SchemaNotMigratedError} */
  async refuseUnmigratedSchema(): Promise<void> {
    const missing = await missingMigrations(this.pool as unknown as pg.Client);
    if (missing.length > 0) throw new SchemaNotMigratedError(missing);
  }

  /** After the servers are closed: whoever is being answered still reads. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
