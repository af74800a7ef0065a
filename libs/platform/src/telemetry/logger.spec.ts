import { describe, expect, it } from 'vitest';
import { addToLogContext, withLogContext } from './log-context.js';
import { Logger } from './logger.js';

function aLogger(options: { level?: string; format?: 'json' | 'text' } = {}) {
  const lines: string[] = [];
  const logger = new Logger({
    app: 'worker',
    level: options.level ?? 'info',
    format: options.format ?? 'json',
    destination: { write: (line: string) => void lines.push(line) },
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('Logger', () => {
  it('C.6 writes one JSON object a line: facts as fields, a constant sentence', () => {
    const { logger, last } = aLogger();
    logger.info({ seconds: 1.5 }, 'Task completed');
    expect(last()).toMatchObject({
      level: 'info',
      app: 'worker',
      seconds: 1.5,
      msg: 'Task completed',
    });
    expect(String(last().time)).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('B.45 carries the ids of the request and the job on every line, also after an await', async () => {
    const { logger, last } = aLogger();
    await withLogContext({ requestId: 'r1' }, async () => {
      await Promise.resolve();
      addToLogContext({ jobId: 'j1' });
      await Promise.resolve();
      logger.warn({}, 'Store was slow');
    });
    expect(last()).toMatchObject({ requestId: 'r1', jobId: 'j1' });
    logger.info({}, 'Idle');
    expect(last()).not.toHaveProperty('requestId');
  });

  it('keeps the ids of two requests apart that run at once', async () => {
    const { logger, lines } = aLogger();
    const request = (requestId: string) =>
      withLogContext({ requestId }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        logger.info({ own: requestId }, 'Answered');
      });
    await Promise.all([request('a'), request('b'), request('c')]);
    for (const line of lines) {
      const { own, requestId } = JSON.parse(line) as Record<string, unknown>;
      expect(requestId).toBe(own);
    }
    expect(lines).toHaveLength(3);
  });

  it('B.45 writes an error with its stack and its cause', () => {
    const { logger, last } = aLogger();
    logger.error({ error: new Error('outer', { cause: new Error('inner') }) }, 'Request failed');
    expect(JSON.stringify(last().error)).toContain('inner');
    expect((last().error as { stack: string }).stack).toContain('logger.spec');
  });

  it('A.31 says nothing below its level, and can write text for reading', () => {
    const { logger, lines } = aLogger({ level: 'warn', format: 'text' });
    logger.info({}, 'Unheard');
    logger.warn({ queue: 'detection' }, 'Broker was away');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d warn {2}worker {2}Broker was away {2}queue="detection"\n$/,
    );
  });
});
