#!/usr/bin/env node
/** The `lightfold` command: sets up what is missing, then hands over to apps/cli. */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { main, setup } from './setup/index.mjs';
import { ROOT } from './setup/root.mjs';

await main(async () => {
  await setup({ web: false });
  const command = join(ROOT, 'dist/apps/cli/src/main.js');
  process.argv[1] = command;
  await import(pathToFileURL(command).href);
  return process.exitCode;
});
