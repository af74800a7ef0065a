#!/usr/bin/env node
/** `npm run setup`: everything that `npm run demo`, `npm start` and `npm test` need, beforehand. */
import { main, setup } from './setup/index.mjs';

await main(async () => {
  await setup();
  const { obtain, PROGRAMS } = await import('./services/programs.mjs');
  const { obtainChromium } = await import('./setup/chromium.mjs');
  const say = (sentence) => process.stdout.write(`${sentence}\n`);
  if (!process.env.BROKER_URL) await obtain(PROGRAMS.rabbitmq, say);
  if (!process.env.REDIS_URL) await obtain(PROGRAMS.redis, say);
  await obtainChromium(say);
  say('Lightfold is set up. Next: npm run demo, npm start, or npm test.');
});
