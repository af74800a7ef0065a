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

/** Counts a use and answers the count and the milliseconds that the window has left. */
const COUNT = `
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {count, left}`;

/** Redis that is slower than this counts as gone. */
const PATIENCE_MS = 250;
const SILENCE_MS = 60_000;

/**
 * Limits how often something is done, over all processes that share a Redis, by fixed windows that
 * begin with the first use. While Redis is away everything is allowed, and the log says so once a
 * minute: a limit protects the service, it must not take it down.
 */
export class RateLimiter {
  private lastWarningMs = -Infinity;

  constructor(
    private readonly redis: Redis,
    private readonly logger: Logger,
    private readonly keyPrefix = 'lightfold:rate:',
  ) {}

  async use(key: string, { limit, windowSeconds }: RateLimit): Promise<RateVerdict> {
    try {
      const [count, leftMs] = await withinPatience(
        this.redis.eval(COUNT, 1, this.keyPrefix + key, windowSeconds * 1000) as Promise<
          [number, number]
        >,
      );
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
