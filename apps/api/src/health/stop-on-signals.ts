import type { INestApplication } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { Settings } from '#platform/config';
import { Logger } from '#platform/telemetry';
import { Drain } from './drain.js';

/** How long a load balancer may still send requests after readiness went false. */
const LAME_DUCK_SECONDS = 5;

/**
 * Ends the process on SIGTERM and SIGINT: readiness false, live connections closed, requests under
 * way answered, then the rest. What is not done within DRAIN_SECONDS is cut off.
 */
export function stopOnSignals(app: INestApplication): void {
  const settings = app.get(Settings);
  const logger = app.get(Logger);
  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'Stop asked for');
    setTimeout(() => {
      logger.warn({ drainSeconds: settings.DRAIN_SECONDS }, 'Requests were cut off');
      process.exit(1);
    }, settings.DRAIN_SECONDS * 1000).unref();
    app.get(Drain).begin();
    if (settings.NODE_ENV === 'production' && signal === 'SIGTERM') {
      await wait(Math.min(LAME_DUCK_SECONDS, settings.DRAIN_SECONDS / 2) * 1000);
    }
    await app.close();
    logger.info({}, 'Api stopped');
    process.exit(0);
  };
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // A terminal and a parent process may both send one.
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      stop(signal).catch((error: unknown) => {
        logger.error({ error }, 'Stop failed');
        process.exit(1);
      });
    });
  }
}
