import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;

/** How late this process gets to what is due: what a request waits for without any work of its own. */
@Injectable()
export class EventLoop implements OnApplicationShutdown {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.histogram.enable();
  }

  /** 99th percentile since the last call, beyond the timer's own interval. */
  takeLagMs(): number {
    const lagMs = Math.max(0, this.histogram.percentile(99) / 1e6 - RESOLUTION_MS);
    this.histogram.reset();
    return lagMs;
  }

  onApplicationShutdown(): void {
    this.histogram.disable();
  }
}
