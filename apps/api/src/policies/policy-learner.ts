import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import type { LearntPolicy } from '#contracts';
import type { Case, Learnt } from '#transit';

/** What the thread is given. */
export interface Lessons {
  readonly cases: readonly Case[];
  readonly active: LearntPolicy | null;
}

// As built, or as written where tests run the sources.
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './learning.thread.ts' : './learning.thread.js',
  import.meta.url,
);

/**
 * Learns in a thread of its own: a second of arithmetic for 20,000 candidates, in which the api would
 * answer nobody. One at a time, so that whoever asks often waits for themselves.
 */
@Injectable()
export class PolicyLearner {
  private last: Promise<unknown> = Promise.resolve();

  learn(lessons: Lessons): Promise<Learnt> {
    const learnt = this.last.then(() => inThread(lessons));
    this.last = learnt.catch(() => undefined);
    return learnt;
  }
}

function inThread(lessons: Lessons): Promise<Learnt> {
  const { promise, resolve, reject } = Promise.withResolvers<Learnt>();
  const thread = new Worker(THREAD, { workerData: lessons });
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', (code) => reject(new Error(`The thread that learns ended with ${code}`)));
  return promise;
}
