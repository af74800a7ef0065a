import { Module } from '@nestjs/common';
import { hostname } from 'node:os';
import { Settings, VERSION } from '#platform/config';
import { Database } from '#platform/database';
import { JobMetrics, JobsModule, Leases, Notifications } from '#platform/jobs';
import { Broker } from '#platform/messaging';
import { ModelsModule } from '#platform/models';
import { ObjectStore } from '#platform/storage';
import { Logger } from '#platform/telemetry';
import { ReportsModule } from '../reports/reports.module.js';
import { ReportRequests } from '../reports/report-requests.js';
import { DetectionHandler } from '../detection/detection.handler.js';
import { DetectionPolicies } from '../detection/detection-policies.js';
import { DetectionRepository } from '../detection/detection.repository.js';
import { PipelineModels } from '../detection/pipeline-models.js';
import { HelpWanted } from '../shards/help-wanted.js';
import { PredictionHandler } from '../predictions/prediction.handler.js';
import { WorkerServing } from '../predictions/worker-serving.js';
import { ShardHelper } from '../shards/shard-helper.js';
import { ValidationHandler } from '../validation/validation.handler.js';
import { ValidationRepository } from '../validation/validation.repository.js';
import { TrainingHandler } from '../training/training.handler.js';
import { TrainingRepository } from '../training/training.repository.js';
import { concurrencyOf, workerName } from '../worker-options.js';
import { Heartbeat } from './heartbeat.js';
import { TaskRunner } from './task-runner.js';
import { ThreadPool } from './thread-pool.js';
import { ThreadsModule } from './threads.module.js';

/** The connection that consumes: an alarm of the broker stops publishers, and only those. */
export const CONSUMING_BROKER = Symbol('consuming broker');

@Module({
  imports: [JobsModule, ModelsModule, ReportsModule, ThreadsModule],
  providers: [
    ValidationHandler,
    ValidationRepository,
    DetectionHandler,
    DetectionRepository,
    DetectionPolicies,
    PipelineModels,
    PredictionHandler,
    TrainingHandler,
    TrainingRepository,
    WorkerServing,
    {
      provide: CONSUMING_BROKER,
      inject: [Settings, Logger],
      useFactory: (settings: Settings, logger: Logger) =>
        new Broker(
          {
            url: settings.BROKER_URL,
            queuePrefix: settings.QUEUE_PREFIX,
            name: `lightfold consumer ${hostname()} ${process.pid}`,
          },
          logger,
        ),
    },
    {
      provide: HelpWanted,
      inject: [ObjectStore, Broker, CONSUMING_BROKER, JobMetrics, Logger],
      useFactory: (
        store: ObjectStore,
        publisher: Broker,
        consumer: Broker,
        metrics: JobMetrics,
        logger: Logger,
      ) => new HelpWanted(store, publisher, consumer, metrics, logger),
    },
    {
      provide: ShardHelper,
      inject: [TaskRunner, ThreadPool, Broker, CONSUMING_BROKER, JobMetrics, Logger],
      useFactory: (
        runner: TaskRunner,
        threads: ThreadPool,
        publisher: Broker,
        consumer: Broker,
        metrics: JobMetrics,
        logger: Logger,
      ) => new ShardHelper(runner, threads, publisher, consumer, metrics, logger),
    },
    {
      provide: TaskRunner,
      inject: [
        Settings,
        Leases,
        Database,
        CONSUMING_BROKER,
        ValidationHandler,
        DetectionHandler,
        PredictionHandler,
        TrainingHandler,
        JobMetrics,
        Logger,
        ReportRequests,
      ],
      useFactory: (
        settings: Settings,
        leases: Leases,
        database: Database,
        broker: Broker,
        validation: ValidationHandler,
        detection: DetectionHandler,
        prediction: PredictionHandler,
        training: TrainingHandler,
        metrics: JobMetrics,
        logger: Logger,
        reports: ReportRequests,
      ) =>
        new TaskRunner(
          leases,
          database,
          broker,
          [validation, detection, prediction, training],
          {
            owner: workerName(settings),
            queues: settings.WORKER_QUEUES,
            concurrency: concurrencyOf(settings),
            timeoutSeconds: settings.TASK_TIMEOUT,
          },
          metrics,
          logger,
          (task) => {
            if (task.kind === 'detection') reports.request(task.lease.jobId);
          },
        ),
    },
    {
      provide: Heartbeat,
      inject: [Settings, TaskRunner, Leases, Database, Notifications, Logger],
      useFactory: (
        settings: Settings,
        runner: TaskRunner,
        leases: Leases,
        database: Database,
        notifications: Notifications,
        logger: Logger,
      ) =>
        new Heartbeat(
          runner,
          leases,
          database,
          notifications,
          {
            owner: workerName(settings),
            queues: settings.WORKER_QUEUES,
            capacity: concurrencyOf(settings),
            version: VERSION,
            // Progress is told as often as its watchers are; leases need it less often.
            intervalSeconds: Math.min(
              settings.HEARTBEAT_SECONDS,
              settings.TELEMETRY_UPDATE_INTERVAL,
            ),
          },
          logger,
        ),
    },
  ],
  exports: [TaskRunner, ShardHelper, Heartbeat, CONSUMING_BROKER],
})
export class TasksModule {}
