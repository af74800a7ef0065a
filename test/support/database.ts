import { Database, migrate } from '#platform/database';
import { PrismaDatabase } from '#platform/prisma';
import { freshDatabase } from './services.js';

/** A database of its own on the real server, migrated; `drop` closes and removes it. */
export async function createTestDatabase(): Promise<{
  database: PrismaDatabase;
  url: string;
  drop: () => Promise<void>;
}> {
  const { url, drop } = await freshDatabase();
  await migrate(url);
  const connections = new Database({ databaseUrl: url, poolSize: 5 });
  const database = new PrismaDatabase(connections);
  return {
    database,
    url,
    drop: async () => {
      await database.onApplicationShutdown();
      await connections.onApplicationShutdown();
      await drop();
    },
  };
}
