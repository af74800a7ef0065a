import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/**
 * The last phase of a process: from SIGTERM on it takes no new work (readiness is false) and ends
 * what would otherwise go on for ever: live connections, answers that wait for news.
 */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  private readonly callbacks = new Set<() => void>();
  private begun = false;

  get hasBegun(): boolean {
    return this.begun;
  }

  /** Calls back when draining begins, at once if it has; answers how to take that back. */
  onBegin(callback: () => void): () => void {
    if (this.begun) queueMicrotask(callback);
    else this.callbacks.add(callback);
    return () => void this.callbacks.delete(callback);
  }

  begin(): void {
    if (this.begun) return;
    this.begun = true;
    for (const callback of [...this.callbacks]) callback();
    this.callbacks.clear();
  }

  /** However the end began, it begins here before the HTTP server closes. */
  beforeApplicationShutdown(): void {
    this.begin();
  }
}
