#!/usr/bin/env node
/** `npm run generate`: writes the database client and the kernels anew, whatever their stamps say. */
import { installDependencies } from './setup/dependencies.mjs';
import { generateClient } from './setup/generate.mjs';
import { compileKernels } from './setup/kernels.mjs';
import { main } from './setup/index.mjs';
import { exclusively } from './setup/lock.mjs';
import { continueInNode24 } from './setup/node24.mjs';

await main(async () => {
  await exclusively(installDependencies);
  await continueInNode24();
  await exclusively(async () => {
    await generateClient({ force: true });
    await compileKernels({ force: true });
  });
});
