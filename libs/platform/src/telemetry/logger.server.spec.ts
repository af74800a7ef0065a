import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { setting } from '../../../../test/support/services.js';
import { Logger } from './logger.js';

it('shows no password that Redis refused', async () => {
  const lines: string[] = [];
  const logger = new Logger({
    app: 'test',
    level: 'info',
    format: 'json',
    destination: { write: (line: string) => void lines.push(line) },
  });
  const redis = new Redis(setting('REDIS_URL'));
  const error: unknown = await redis.call('AUTH', 'nobody', 'a-real-password').catch((e) => e);
  redis.disconnect();
  logger.warn({ error }, 'Redis is away');
  expect(lines.join('')).toContain('WRONGPASS');
  expect(lines.join('')).not.toContain('a-real-password');
});
