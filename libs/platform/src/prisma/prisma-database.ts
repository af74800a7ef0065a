import { PrismaPg } from '@prisma/adapter-pg';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Database } from '../database/database.js';
import { PrismaClient } from './generated/client.js';

/**
 * PostgreSQL with Prisma for the plain things, on the connections of a `Database`. For the api: loaded
 * and asked, Prisma takes 35 MiB of a process, which workers spend on light curves (ADR 20).
 */
@Injectable()
export class PrismaDatabase
  extends PrismaClient
  implements Omit<Database, keyof OnApplicationShutdown>, OnApplicationShutdown
{
  readonly pool: Database['pool'];
  readonly inTransaction: Database['inTransaction'];
  readonly refuseUnmigratedSchema: Database['refuseUnmigratedSchema'];

  constructor(database: Database) {
    super({ adapter: new PrismaPg(database.pool, { disposeExternalPool: false }) });
    this.pool = database.pool;
    this.inTransaction = (work) => database.inTransaction(work);
    this.refuseUnmigratedSchema = () => database.refuseUnmigratedSchema();
  }

  /** The connections are closed by whom they belong to. */
  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}
