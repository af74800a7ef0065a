import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.js';
import { quiet } from '../../../../test/support/quiet.js';
import { setting } from '../../../../test/support/services.js';
import { cutOff } from '../../../../test/support/cut-off.js';
import { aJob, anEvent, aTeam } from '../../../../test/support/rows.js';
import { JobFeed, type JobFeedOptions } from './job-feed.js';
import type { WatchedEvent } from './job-watch.js';
import { RedisAnnouncer } from './redis-announcer.js';

const NEVER_POLL: JobFeedOptions = { pollSeconds: 3600 };

describe('JobFeed', () => {
  let test: Awaited<ReturnType<typeof createTestDatabase>>;
  let announcer: RedisAnnouncer;
  let teamId: string;
  const open: { onApplicationShutdown(): void }[] = [];

  beforeAll(async () => {
    test = await createTestDatabase();
    announcer = new RedisAnnouncer({ REDIS_URL: setting('REDIS_URL') }, quiet);
    teamId = (await aTeam(test.database)).id;
  });
  afterAll(async () => {
    announcer.onApplicationShutdown();
    await test.drop();
  });
  afterEach(() => open.splice(0).forEach((feed) => feed.onApplicationShutdown()));

  function aFeed(options: JobFeedOptions = NEVER_POLL, redisUrl = setting('REDIS_URL')) {
    const feed = new JobFeed({ REDIS_URL: redisUrl }, test.database, quiet, options);
    open.push(feed);
    return feed;
  }
  const newJob = async () => (await aJob(test.database, { teamId })).id;
  const emit = async (jobId: string, count = 1) => {
    for (let i = 0; i < count; i += 1) {
      await anEvent(test.database, jobId);
      announcer.announce(jobId);
    }
  };

  it('delivers what was there, then what happens, in order and once', async () => {
    const jobId = await newJob();
    await emit(jobId, 3);
    const seen = collect();
    aFeed().watch(jobId, 0, seen);
    await expect.poll(() => seen.numbers).toEqual([1, 2, 3]);
    await untilRinging(jobId, seen);
    await emit(jobId, 2);
    await expect.poll(() => seen.numbers).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('gives each listener what came after its own number', async () => {
    const jobId = await newJob();
    await emit(jobId, 5);
    const feed = aFeed();
    const [all, late, none] = [collect(), collect(), collect()];
    feed.watch(jobId, 0, all);
    feed.watch(jobId, 3, late);
    feed.watch(jobId, 5, none);
    await expect.poll(() => all.numbers).toEqual([1, 2, 3, 4, 5]);
    await expect.poll(() => late.numbers).toEqual([4, 5]);
    expect(none.numbers).toEqual([]);
  });

  it('replays a history longer than one read, while new events come', async () => {
    const jobId = await newJob();
    await test.database.pool.query(
      `INSERT INTO job_events (job_id, seq, body)
       SELECT $1, n, '{"type":"progress"}' FROM generate_series(1, 950) n`,
      [jobId],
    );
    await test.database.pool.query('UPDATE jobs SET event_seq = 950 WHERE id = $1', [jobId]);
    const feed = aFeed();
    const seen = collect();
    feed.watch(jobId, 0, seen);
    await emit(jobId, 20);
    await expect.poll(() => seen.numbers.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(950);
    await untilRinging(jobId, seen);
    expect(seen.numbers).toEqual(Array.from({ length: 971 }, (_, index) => index + 1));
  });

  it('leaves a slow listener at its place and lets the others go on', async () => {
    const jobId = await newJob();
    await emit(jobId, 4);
    const feed = aFeed();
    const slow = collect(2);
    const fast = collect();
    const subscription = feed.watch(jobId, 0, slow);
    feed.watch(jobId, 0, fast);
    await expect.poll(() => fast.numbers).toEqual([1, 2, 3, 4]);
    expect(slow.numbers).toEqual([1, 2]);
    slow.takes = Infinity;
    subscription.resume();
    await expect.poll(() => slow.numbers).toEqual([1, 2, 3, 4]);
    expect(fast.numbers).toEqual([1, 2, 3, 4]);
  });

  it('says nothing more after close, and forgets a job that nobody watches', async () => {
    const jobId = await newJob();
    const feed = aFeed({ pollSeconds: 0.1 });
    const gone = collect();
    const stays = collect();
    const subscription = feed.watch(jobId, 0, gone);
    const other = feed.watch(jobId, 0, stays);
    subscription.close();
    await emit(jobId);
    await expect.poll(() => stays.numbers).toEqual([1]);
    expect(gone.numbers).toEqual([]);
    expect(feed.watched).toBe(1);
    other.close();
    expect(feed.watched).toBe(0);
  });

  it('delivers by poll when nobody announces', async () => {
    const jobId = await newJob();
    const seen = collect();
    aFeed({ pollSeconds: 0.2 }).watch(jobId, 0, seen);
    await anEvent(test.database, jobId);
    await expect.poll(() => seen.numbers).toEqual([1]);
    await anEvent(test.database, jobId);
    await expect.poll(() => seen.numbers).toEqual([1, 2]);
  });

  it('loses nothing while Redis is away, and reads at once when it is back', async () => {
    const redis = await cutOff(setting('REDIS_URL'));
    const jobId = await newJob();
    const seen = collect();
    aFeed(NEVER_POLL, redis.url).watch(jobId, 0, seen);
    await untilRinging(jobId, seen);
    await redis.cut();
    await emit(jobId, 3);
    await redis.restore();
    // No poll and no bell after the return: the reconnection itself makes it look.
    await expect.poll(() => seen.numbers, { timeout: 10_000 }).toEqual([1, 2, 3, 4]);
    await untilRinging(jobId, seen);
    await redis.close();
  });

  it('starts without Redis', async () => {
    const redis = await cutOff(setting('REDIS_URL'));
    await redis.cut();
    const jobId = await newJob();
    const seen = collect();
    aFeed({ pollSeconds: 0.2 }, redis.url).watch(jobId, 0, seen);
    await anEvent(test.database, jobId);
    await expect.poll(() => seen.numbers).toEqual([1]);
    const deaf = new RedisAnnouncer({ REDIS_URL: redis.url }, quiet);
    open.push(deaf);
    deaf.announce(jobId);
    await anEvent(test.database, jobId);
    await expect.poll(() => seen.numbers).toEqual([1, 2]);
  });

  it('D.1 D.6 sees in another process what one announces, by the bell alone', async () => {
    const jobId = await newJob();
    const [here, there] = [collect(), collect()];
    aFeed().watch(jobId, 0, here);
    aFeed().watch(jobId, 0, there);
    await untilRinging(jobId, here);
    await emit(jobId, 1);
    await expect.poll(() => there.numbers.length).toBeGreaterThanOrEqual(2);
    expect(there.numbers.slice(0, 2)).toEqual([1, 2]);
  });

  it('names the job and the number in each event', async () => {
    const jobId = await newJob();
    await anEvent(test.database, jobId, { type: 'complete', progress: 100, results: {} });
    const seen = collect();
    aFeed().watch(jobId, 0, seen);
    await expect
      .poll(() => seen.events)
      .toEqual([{ type: 'complete', progress: 100, results: {}, task_id: jobId, seq: 1 }]);
  });

  /** Writes one event and announces it until it arrives: then the channel is surely subscribed. */
  async function untilRinging(jobId: string, seen: ReturnType<typeof collect>) {
    const seq = await anEvent(test.database, jobId);
    await expect
      .poll(
        () => {
          announcer.announce(jobId);
          return seen.numbers.at(-1);
        },
        { timeout: 10_000 },
      )
      .toBe(seq);
  }
});

function collect(takes = Infinity) {
  const events: WatchedEvent[] = [];
  return {
    events,
    takes,
    get numbers() {
      return events.map((event) => event.seq);
    },
    receive(event: WatchedEvent) {
      events.push(event);
      return events.length < this.takes;
    },
  };
}
