import type { Redis } from 'ioredis';
import type { Logger } from '../telemetry/logger.js';

export interface RateLimit {
  /** Uses of one window. */
  readonly limit: number;
  readonly windowSeconds: number;
}

export interface RateVerdict {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetSeconds: number;
}

/** Counts uses and answers the count and the milliseconds that the window has left. */
const COUNT = `
local count = redis.call('INCRBY', KEYS[1], ARGV[2])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {count, left}`;

/** Redis that is slower than this counts as gone. */
const PATIENCE_MS = 250;
const SILENCE_MS = 60_000;

/** Uses that are counted together, while others of the same key are under way. */
interface Waiting {
  readonly windowSeconds: number;
  readonly counted: PromiseWithResolvers<Counted>[];
}

interface Counted {
  /** Of the window, with this use. */
  readonly count: number;
  readonly leftMs: number;
}

/**
 * Limits how often something is done, over all processes that share a Redis, by fixed windows that
 * begin with the first use. While Redis is away everything is allowed, and the log says so once a
 * minute: a limit protects the service, it must not take it down.
 */
export class RateLimiter {
  private lastWarningMs = -Infinity;
  private readonly underWay = new Set<string>();
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly redis: Redis,
    private readonly logger: Logger,
    private readonly keyPrefix = 'lightfold:rate:',
  ) {}

  async use(key: string, { limit, windowSeconds }: RateLimit): Promise<RateVerdict> {
    try {
      const { count, leftMs } = await withinPatience(this.counted(key, windowSeconds));
      return {
        isAllowed: count <= limit,
        remaining: Math.max(limit - count, 0),
        resetSeconds: Math.max(Math.ceil(leftMs / 1000), 1),
      };
    } catch (error) {
      this.warn(error);
      return { isAllowed: true, remaining: limit, resetSeconds: windowSeconds };
    }
  }

  private counted(key: string, windowSeconds: number): Promise<Counted> {
    const waiting = this.waiting.get(key) ?? { windowSeconds, counted: [] };
    const counted = Promise.withResolvers<Counted>();
    waiting.counted.push(counted);
    this.waiting.set(key, waiting);
    if (!this.underWay.has(key)) void this.count(key);
    return counted.promise;
  }

  /** All that wait for the key, in one command after the other. */
  private async count(key: string): Promise<void> {
    this.underWay.add(key);
    for (let next = this.waiting.get(key); next; next = this.waiting.get(key)) {
      this.waiting.delete(key);
      const uses = next.counted.length;
      const askedFor = [this.keyPrefix + key, next.windowSeconds * 1000, uses] as const;
      try {
        const [count, leftMs] = (await this.redis.eval(COUNT, 1, ...askedFor)) as [number, number];
        next.counted.forEach((each, i) => each.resolve({ count: count - (uses - 1 - i), leftMs }));
      } catch (error) {
        next.counted.forEach((each) => each.reject(error));
      }
    }
    this.underWay.delete(key);
  }

  private warn(error: unknown): void {
    const now = performance.now();
    if (now - this.lastWarningMs < SILENCE_MS) return;
    this.lastWarningMs = now;
    this.logger.warn({ error }, 'Rate limits were not applied: Redis is away');
  }
}

async function withinPatience<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time')), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, impatience]);
  } finally {
    clearTimeout(timer);
  }
}
