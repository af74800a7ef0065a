import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { metrics } from '#contracts';
import { Database } from '#platform/database';
import { JobsStore, silentAnnouncer } from '#platform/jobs';

/** What waits and what is under way, counted in PostgreSQL whenever Prometheus asks. */
@Injectable()
export class BacklogMetrics {
  constructor(database: Database) {
    const store = new JobsStore(database, silentAnnouncer);
    // A database that is away leaves the gauges empty: a number would be a guess.
    const backlog = () => store.backlog().catch(() => null);
    new Gauge({
      ...metrics.taskBacklog,
      labelNames: ['kind', 'state'] as const,
      async collect() {
        this.reset();
        for (const { kind, state, tasks } of (await backlog()) ?? []) {
          this.set({ kind, state }, tasks);
        }
      },
    });
    new Gauge({
      ...metrics.validationQueueLength,
      async collect() {
        this.reset();
        const counts = await backlog();
        if (!counts) return;
        const waiting = counts.find((c) => c.kind === 'validation' && c.state === 'queued');
        this.set(waiting?.tasks ?? 0);
      },
    });
  }
}
