import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { metrics } from '#contracts';

/** Counts who is watching at this moment. */
@Injectable()
export class LiveConnections {
  private readonly gauge = new Gauge({
    ...metrics.liveConnections,
    labelNames: ['transport'] as const,
  });

  constructor() {
    this.gauge.set({ transport: 'websocket' }, 0);
    this.gauge.set({ transport: 'sse' }, 0);
  }

  /** Answers what to call, once, when it is over. */
  opened(transport: 'websocket' | 'sse'): () => void {
    this.gauge.inc({ transport });
    return () => this.gauge.dec({ transport });
  }
}
