import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from '#platform/config';
import type { Broker } from '#platform/messaging';
import { TaskQueue } from '#platform/queues';
import { Logger } from '#platform/telemetry';
import { Housekeeping } from './housekeeping/housekeeping.js';
import { ReportQueue } from './reports/report-queue.js';
import { ShardHelper } from './shards/shard-helper.js';
import { Heartbeat } from './tasks/heartbeat.js';
import { TaskRunner } from './tasks/task-runner.js';
import { CONSUMING_BROKER } from './tasks/tasks.module.js';
import { ThreadPool } from './tasks/thread-pool.js';
import { concurrencyOf, isHelper, workerName } from './worker-options.js';
import { WorkerModule } from './worker.module.js';

export interface WorkerApp {
  readonly app: NestFastifyApplication;
  start(port: number, host: string): Promise<void>;
  /** Drains: running tasks end, or are handed back when their time is up. */
  stop(): Promise<void>;
}

export async function createWorker(): Promise<WorkerApp> {
  const app = await NestFactory.create<NestFastifyApplication>(WorkerModule, new FastifyAdapter(), {
    bufferLogs: true,
    abortOnError: false,
  });
  const logger = app.get(Logger);
  const settings = app.get(Settings);
  app.useLogger(logger.forNest());
  const runner = app.get(TaskRunner);
  const heartbeat = app.get(Heartbeat);
  const broker = app.get<Broker>(CONSUMING_BROKER);
  return {
    app,
    async start(port, host) {
      await app.listen(port, host);
      // Known to the others before it takes the first task.
      await heartbeat.start();
      broker.start();
      runner.start();
      if (isHelper(settings)) app.get(ShardHelper).start();
      if (settings.WORKER_QUEUES.includes('training')) {
        const receive = runner.receive.bind(runner);
        runner.consumeWhileFree(app.get(TaskQueue).consumer(concurrencyOf(settings), receive));
      }
      app.get(ReportQueue).start();
      app.get(Housekeeping).start();
      logger.info(
        {
          url: await app.getUrl(),
          worker: workerName(settings),
          queues: settings.WORKER_QUEUES,
          concurrency: concurrencyOf(settings),
        },
        'Worker started',
      );
    },
    async stop() {
      const background = [app.get(ReportQueue).stop(), app.get(Housekeeping).stop()];
      await runner.drain(settings.DRAIN_SECONDS);
      await Promise.allSettled(background);
      await heartbeat.stop();
      await app.get(ThreadPool).close();
      await broker.close();
      await app.close();
      logger.info({}, 'Worker stopped');
    },
  };
}
