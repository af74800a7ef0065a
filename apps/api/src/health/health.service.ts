import { Injectable } from '@nestjs/common';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import type { Health, Probe } from '#contracts';
import { VERSION } from '#platform/config';
import { Dependencies, dependencyNames, type DependencyName } from './dependencies.js';
import { Drain } from './drain.js';
import { EventLoop } from './event-loop.js';

/** Longer than a server that works ever takes, shorter than a probe waits. */
const TIMEOUT_SECONDS = 2;
/** Everybody may ask, so that an answer serves all who ask within this time. */
const FRESH_SECONDS = 1;

type DependencyHealth = Health['dependencies'][string];

@Injectable()
export class HealthService {
  private latest: { readonly health: Promise<Health>; readonly at: number } | undefined;

  constructor(
    private readonly dependencies: Dependencies,
    private readonly drain: Drain,
    private readonly eventLoop: EventLoop,
  ) {}

  /** Everything at a glance. Only the database is indispensable: it holds the truth. */
  check(): Promise<Health> {
    const now = performance.now();
    if (!this.latest || now - this.latest.at > FRESH_SECONDS * 1000) {
      this.latest = { health: this.look(), at: now };
    }
    return this.latest.health;
  }

  /** Whether requests should be sent here. */
  async readiness(): Promise<Probe> {
    if (this.drain.hasBegun) {
      return { status: 'not_ready', message: 'This process is stopping.' };
    }
    const database = await this.ask('database');
    if (database.status === 'up') return { status: 'ok' };
    return { status: 'not_ready', message: `The database ${database.message}.` };
  }

  private async look(): Promise<Health> {
    const answers = await Promise.all(dependencyNames.map((name) => this.ask(name)));
    const dependencies = Object.fromEntries(
      dependencyNames.map((name, index) => [name, answers[index]]),
    );
    const allAreUp = answers.every(({ status }) => status === 'up');
    const uptimeSeconds = process.uptime();
    const { user, system } = process.cpuUsage();
    return {
      status: dependencies.database.status === 'down' ? 'down' : allAreUp ? 'ok' : 'degraded',
      version: VERSION,
      uptimeSeconds,
      dependencies,
      system: {
        cpuCount: availableParallelism(),
        loadAverage: loadavg(),
        memoryTotalBytes: totalmem(),
        memoryFreeBytes: freemem(),
        processRssBytes: process.memoryUsage.rss(),
        processCpuShare: (user + system) / 1e6 / uptimeSeconds,
        eventLoopLagMs: this.eventLoop.takeLagMs(),
      },
    };
  }

  /** What went wrong is told in our words: addresses and accounts are nobody's business. */
  private async ask(name: DependencyName): Promise<DependencyHealth> {
    const start = performance.now();
    const timeout = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => timeout.resolve('late'), TIMEOUT_SECONDS * 1000);
    const answer = this.dependencies.ask(name).then(
      () => 'up' as const,
      () => 'away' as const,
    );
    const outcome = await Promise.race([answer, timeout.promise]);
    clearTimeout(timer);
    if (outcome === 'up') return { status: 'up', latencyMs: performance.now() - start };
    const message =
      outcome === 'late' ? `did not answer within ${TIMEOUT_SECONDS} s` : 'cannot be reached';
    return { status: 'down', latencyMs: null, message };
  }
}
