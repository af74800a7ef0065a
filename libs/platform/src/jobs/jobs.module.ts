import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { register } from 'prom-client';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { Broker } from '../messaging/broker.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { RedisAnnouncer } from '../realtime/redis-announcer.js';
import { Logger } from '../telemetry/logger.js';
import { bullOptions } from '../queues/queues.module.js';
import { TaskQueue } from '../queues/task-queue.js';
import { JobMetrics } from './job-metrics.js';
import { JobsStore } from './jobs-store.js';
import { type LeaseOptions, Leases } from './leases.js';
import { Notifications } from './notifications.js';
import { OutboxRelay } from './outbox-relay.js';
import { Reaper } from './reaper.js';

export const leaseOptions = (settings: Settings): LeaseOptions => ({
  leaseSeconds: settings.LEASE_SECONDS,
  maxAttempts: settings.TASK_MAX_ATTEMPTS,
  retryBackoffSeconds: settings.RETRY_BACKOFF_SECONDS,
  eventIntervalSeconds: settings.TELEMETRY_UPDATE_INTERVAL,
});

/** One for each carrier of messages. */
const RELAYS = Symbol('relays');

/**
 * Jobs and what keeps them moving. Relays and a reaper run in every process, api and worker: each
 * does what the others leave.
 */
@Module({
  imports: [MessagingModule],
  providers: [
    {
      provide: JobMetrics,
      useFactory: () => new JobMetrics(register),
    },
    {
      provide: Notifications,
      inject: [Settings, Logger],
      useFactory: (settings: Settings, logger: Logger) =>
        new Notifications(settings.DATABASE_URL, logger),
    },
    {
      provide: Leases,
      inject: [Settings, Database, RedisAnnouncer],
      useFactory: (settings: Settings, database: Database, announcer: RedisAnnouncer) =>
        new Leases(database, leaseOptions(settings), announcer),
    },
    {
      provide: JobsStore,
      inject: [Database, RedisAnnouncer],
      useFactory: (database: Database, announcer: RedisAnnouncer) =>
        new JobsStore(database, announcer),
    },
    {
      provide: TaskQueue,
      inject: [Settings, Logger],
      useFactory: (settings: Settings, logger: Logger) =>
        new TaskQueue('training', bullOptions(settings), logger),
    },
    {
      provide: RELAYS,
      inject: [Settings, Database, Broker, TaskQueue, Notifications, Logger, JobMetrics],
      useFactory: (
        settings: Settings,
        database: Database,
        broker: Broker,
        taskQueue: TaskQueue,
        notifications: Notifications,
        logger: Logger,
        metrics: JobMetrics,
      ) =>
        [broker, taskQueue].map(
          (carrier) =>
            new OutboxRelay(
              database,
              carrier,
              notifications,
              { pollSeconds: settings.OUTBOX_POLL_SECONDS },
              logger,
              (messages) => metrics.published.inc(messages),
            ),
        ),
    },
    {
      provide: Reaper,
      inject: [Settings, Database, Broker, TaskQueue, RedisAnnouncer, Logger, JobMetrics],
      useFactory: (
        settings: Settings,
        database: Database,
        broker: Broker,
        taskQueue: TaskQueue,
        announcer: RedisAnnouncer,
        logger: Logger,
        metrics: JobMetrics,
      ) =>
        new Reaper(
          database,
          [broker, taskQueue],
          {
            intervalSeconds: settings.REAPER_INTERVAL_SECONDS,
            maxAttempts: settings.TASK_MAX_ATTEMPTS,
            eventIntervalSeconds: settings.TELEMETRY_UPDATE_INTERVAL,
          },
          announcer,
          logger,
          (reaped, orphans) => {
            metrics.reaped.inc(reaped.requeued + reaped.parked);
            metrics.orphans.set(orphans);
          },
        ),
    },
  ],
  exports: [MessagingModule, JobMetrics, JobsStore, Leases, Notifications, TaskQueue],
})
export class JobsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(RELAYS) private readonly relays: readonly OutboxRelay[],
    private readonly taskQueue: TaskQueue,
    private readonly reaper: Reaper,
    private readonly notifications: Notifications,
    private readonly metrics: JobMetrics,
    private readonly store: JobsStore,
    private readonly broker: Broker,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.watch(this.store);
    this.metrics.brokerConnected.set(this.broker.isConnected ? 1 : 0);
    this.broker.onChange(() => this.metrics.brokerConnected.set(this.broker.isConnected ? 1 : 0));
    for (const relay of this.relays) relay.start();
    this.reaper.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.relays.map((relay) => relay.stop()), this.reaper.stop()]);
    await this.notifications.close();
    await this.taskQueue.close();
  }
}
