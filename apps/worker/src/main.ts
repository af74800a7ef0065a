import { spareMemory } from './sparing-process.js';

spareMemory();
// Loaded by the process that stays.
await import('reflect-metadata');
const { Settings } = await import('#platform/config');
const { Logger } = await import('#platform/telemetry');
const { createWorker } = await import('./create-worker.js');

try {
  const worker = await createWorker();
  const logger = worker.app.get(Logger);
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // A terminal and a parent process may both send one.
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'Stop asked for');
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error }, 'Stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const settings = worker.app.get(Settings);
  await worker.start(settings.WORKER_PORT, settings.HOST);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
