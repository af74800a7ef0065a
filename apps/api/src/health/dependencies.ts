import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Settings } from '#platform/config';
import { Database } from '#platform/database';
import { Broker } from '#platform/messaging';
import { redisConnection } from '#platform/realtime';
import { ObjectStore } from '#platform/storage';

export const dependencyNames = ['database', 'broker', 'redis', 'object_store'] as const;
export type DependencyName = (typeof dependencyNames)[number];

/** Asks each server we depend on whether it is there. Resolves when it is, rejects when not. */
@Injectable()
export class Dependencies implements OnApplicationShutdown {
  private readonly redis: Redis;

  constructor(
    settings: Settings,
    private readonly database: Database,
    private readonly broker: Broker,
    private readonly store: ObjectStore,
  ) {
    this.redis = redisConnection(settings);
    this.redis.on('error', () => undefined); // `ask` tells
    this.redis.connect().catch(() => undefined);
  }

  async ask(name: DependencyName): Promise<void> {
    switch (name) {
      case 'database':
        await this.database.pool.query('SELECT 1');
        return;
      case 'broker':
        await this.broker.queueStats();
        return;
      case 'redis':
        await this.redis.ping();
        return;
      case 'object_store':
        return this.store.ping();
    }
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
