import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from './database.js';

@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [Settings],
      useFactory: async (settings: Settings) => {
        const database = new Database({
          databaseUrl: settings.DATABASE_URL,
          poolSize: settings.DATABASE_POOL_SIZE,
        });
        await database.refuseUnmigratedSchema();
        return database;
      },
    },
  ],
  exports: [Database],
})
export class DatabaseModule {}
