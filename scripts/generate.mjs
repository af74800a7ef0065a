#!/usr/bin/env node
/** `npm run generate`: writes the database client anew, whatever its stamp says. */
import { installDependencies } from './setup/dependencies.mjs';
import { generateClient } from './setup/generate.mjs';
import { main } from './setup/index.mjs';
import { continueInNode24 } from './setup/node24.mjs';

await main(async () => {
  await installDependencies();
  await continueInNode24();
  await generateClient({ force: true });
});
