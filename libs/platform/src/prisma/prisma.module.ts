import { Global, Module } from '@nestjs/common';
import { Database } from '../database/database.js';
import { PrismaDatabase } from './prisma-database.js';

@Global()
@Module({
  providers: [
    {
      provide: PrismaDatabase,
      inject: [Database],
      useFactory: (database: Database) => new PrismaDatabase(database),
    },
  ],
  exports: [PrismaDatabase],
})
export class PrismaModule {}
