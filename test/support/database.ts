import { Database, migrate } from '#platform/database';
import { freshDatabase } from './services.js';

/** A database of its own on the real server, migrated; `drop` closes and removes it. */
export async function createTestDatabase(): Promise<{
  database: Database;
  url: string;
  drop: () => Promise<void>;
}> {
  const { url, drop } = await freshDatabase();
  await migrate(url);
  const database = new Database({ databaseUrl: url, poolSize: 5 });
  return {
    database,
    url,
    drop: async () => {
      await database.onApplicationShutdown();
      await drop();
    },
  };
}
