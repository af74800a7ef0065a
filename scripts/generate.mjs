#!/usr/bin/env node
/** `npm run generate`: writes the database client anew, whatever its stamp says. */
import { installDependencies } from './setup/dependencies.mjs';
import { generateClient } from './setup/generate.mjs';
import { main } from './setup/index.mjs';
import { exclusively } from './setup/lock.mjs';
import { continueInNode24 } from './setup/node24.mjs';

await main(async () => {
  await exclusively(installDependencies);
  await continueInNode24();
  await exclusively(() => generateClient({ force: true }));
});
