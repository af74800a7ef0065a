import type { z } from 'zod';
import type { jobEvent } from '#contracts';

/** An event as it goes over the wire. */
export type WatchedEvent = z.output<typeof jobEvent>;

export interface JobListener {
  /** Takes an event; answers false when it wants no more until its subscription's `resume`. */
  receive(event: WatchedEvent): boolean;
}

interface Member {
  readonly listener: JobListener;
  /** Number of the last event delivered. */
  position: number;
  isPaused: boolean;
}

/**
 * All listeners of one job, each at its own place in the job's events.
 *
 * One reader serves them: it reads from the hindmost listener that is ready, and each takes what is
 * new to it. So a replay needs no other path than news, a hundred listeners cost one statement, and
 * a slow one is left behind at its place instead of having its events kept in memory.
 */
export class JobWatch {
  private readonly members = new Set<Member>();
  private isReading = false;
  private hasRung = false;

  /** `read` answers at most `batch` events after a number, in order. */
  constructor(
    readonly jobId: string,
    private readonly read: (after: number) => Promise<WatchedEvent[]>,
    private readonly batch: number,
    private readonly failed: (error: unknown) => void,
  ) {}

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  add(after: number, listener: JobListener): { resume: () => void; close: () => void } {
    const member: Member = { listener, position: after, isPaused: false };
    this.members.add(member);
    this.ring();
    return {
      resume: () => {
        member.isPaused = false;
        this.ring();
      },
      close: () => void this.members.delete(member),
    };
  }

  /** There may be news. While a read is under way, one more follows it. */
  ring(): void {
    this.hasRung = true;
    if (!this.isReading) void this.deliver();
  }

  /** Rings where a listener has not had event number `newest`. */
  ringIfBehind(newest: number): void {
    if (this.hindmost() < newest) this.ring();
  }

  private hindmost(): number {
    let position = Infinity;
    for (const member of this.members) {
      if (!member.isPaused) position = Math.min(position, member.position);
    }
    return position;
  }

  private async deliver(): Promise<void> {
    this.isReading = true;
    try {
      while (this.hasRung) {
        this.hasRung = false;
        const from = this.hindmost();
        if (from === Infinity) continue;
        const events = await this.read(from);
        for (const event of events) this.hand(event, from);
        if (events.length === this.batch) this.hasRung = true;
      }
    } catch (error) {
      this.failed(error); // The feed's poll sees who is behind, and rings again.
    } finally {
      this.isReading = false;
    }
  }

  /** To every listener that has not had it. `from`: where the read began. */
  private hand(event: WatchedEvent, from: number): void {
    for (const member of this.members) {
      // A listener that joined during the read from further back waits for its own.
      if (member.isPaused || member.position < from || member.position >= event.seq) continue;
      member.position = event.seq;
      if (!member.listener.receive(event)) member.isPaused = true;
    }
  }
}
