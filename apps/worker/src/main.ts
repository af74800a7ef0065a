import 'reflect-metadata';
import { Settings } from '#platform/config';
import { Logger } from '#platform/telemetry';
import { createWorker } from './create-worker.js';

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
