import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { metrics } from '#contracts';

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

const OURS = [
  metrics.tasksTotal,
  metrics.taskDurationSeconds,
  metrics.stageDurationSeconds,
  metrics.validationDurationSeconds,
  metrics.leasesLostTotal,
  metrics.parkedTasksTotal,
  metrics.reapedTasksTotal,
  metrics.orphanedTasks,
  metrics.outboxPublishedTotal,
  metrics.brokerConnected,
  metrics.searchShardsTotal,
  metrics.shardRequestsTotal,
  metrics.candidatesTotal,
  metrics.outboxPending,
];

/**
 * What a process tells about the tasks that go through it. What PostgreSQL answers is the same in
 * every process: a dashboard takes the maximum.
 */
export class JobMetrics {
  readonly tasks: Counter<'kind' | 'outcome'>;
  readonly taskSeconds: Histogram<'kind'>;
  readonly stageSeconds: Histogram<'stage'>;
  readonly validationSeconds: Histogram;
  readonly leasesLost: Counter<'kind'>;
  readonly parked: Counter<'kind'>;
  readonly reaped: Counter;
  readonly orphans: Gauge;
  readonly published: Counter;
  readonly brokerConnected: Gauge;
  readonly searchShards: Counter<'solved_by'>;
  readonly shardRequests: Counter<'outcome'>;
  readonly candidates: Counter<'action'>;

  constructor(readonly registry: Registry) {
    const registers = [registry];
    // A process that builds the app anew, as tests do, measures anew.
    for (const { name } of OURS) registry.removeSingleMetric(name);
    this.tasks = new Counter({
      ...metrics.tasksTotal,
      labelNames: ['kind', 'outcome'],
      registers,
    });
    this.taskSeconds = new Histogram({
      ...metrics.taskDurationSeconds,
      labelNames: ['kind'],
      buckets: SECONDS,
      registers,
    });
    this.stageSeconds = new Histogram({
      ...metrics.stageDurationSeconds,
      labelNames: ['stage'],
      buckets: [0.01, 0.03, ...SECONDS],
      registers,
    });
    this.validationSeconds = new Histogram({
      ...metrics.validationDurationSeconds,
      buckets: SECONDS,
      registers,
    });
    this.leasesLost = new Counter({ ...metrics.leasesLostTotal, labelNames: ['kind'], registers });
    this.parked = new Counter({ ...metrics.parkedTasksTotal, labelNames: ['kind'], registers });
    this.reaped = new Counter({ ...metrics.reapedTasksTotal, registers });
    this.orphans = new Gauge({ ...metrics.orphanedTasks, registers });
    this.published = new Counter({ ...metrics.outboxPublishedTotal, registers });
    this.brokerConnected = new Gauge({ ...metrics.brokerConnected, registers });
    this.searchShards = new Counter({
      ...metrics.searchShardsTotal,
      labelNames: ['solved_by'],
      registers,
    });
    this.shardRequests = new Counter({
      ...metrics.shardRequestsTotal,
      labelNames: ['outcome'],
      registers,
    });
    this.candidates = new Counter({
      ...metrics.candidatesTotal,
      labelNames: ['action'],
      registers,
    });
  }

  /** What is asked for when somebody looks; the backlog itself is told by the api alone. */
  watch(store: { outboxPending(): Promise<number> }): void {
    new Gauge({
      ...metrics.outboxPending,
      registers: [this.registry],
      async collect() {
        // Without a database there is nothing to tell: a number would be a guess.
        const pending = await store.outboxPending().catch(() => null);
        if (pending === null) this.reset();
        else this.set(pending);
      },
    });
  }
}
