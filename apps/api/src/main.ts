import 'reflect-metadata';
import { Settings } from '#platform/config';
import { Logger } from '#platform/telemetry';
import { ApiProcessModule } from './api-process.module.js';
import { stopOnSignals } from './health/stop-on-signals.js';
import { createApp } from './http/create-app.js';

try {
  const app = await createApp(ApiProcessModule);
  stopOnSignals(app);
  const settings = app.get(Settings);
  await app.listen(settings.PORT, settings.HOST);
  app.get(Logger).info({ url: await app.getUrl() }, 'Api started');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
