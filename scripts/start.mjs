#!/usr/bin/env node
/**
 * `npm start`: Lightfold on this machine, until Ctrl-C.
 *
 * PORT (8000), HOST (127.0.0.1), DATA_DIR (.lightfold), WORKERS (1), and the addresses of servers
 * that run already: DATABASE_URL, BROKER_URL, REDIS_URL, S3_ENDPOINT with its keys.
 */
import { resolve, join } from 'node:path';
import { StopRequested, stopRequested, untilStopRequested } from './platform/signals.mjs';
import { main, setup } from './setup/index.mjs';
import { ROOT } from './setup/root.mjs';

await main(async () => {
  await setup();
  const signal = stopRequested();
  const { startPlatform } = await import('./platform.mjs');
  const say = (sentence) => process.stdout.write(`${sentence}\n`);
  const host = process.env.HOST ?? '127.0.0.1';
  const dataDir = resolve(
    process.env.INIT_CWD ?? ROOT,
    process.env.DATA_DIR ?? join(ROOT, '.lightfold'),
  );
  try {
    const platform = await startPlatform({
      dataDir,
      host,
      port: Number(process.env.PORT ?? 8000),
      workers: Number(process.env.WORKERS ?? 1),
      supervised: true,
      say,
      signal,
    });
    say(`Lightfold is ready at ${process.env.PUBLIC_URL ?? platform.url}`);
    say(`Its files and logs are in ${platform.dataDir}. Ctrl-C stops it.`);
    await untilStopRequested(signal);
    say('Stopping: running work is handed back, then the servers end ...');
    await platform.stop();
    say('Stopped.');
  } catch (error) {
    if (!(error instanceof StopRequested)) throw error;
    say('Stopped before it was ready.');
  }
});
