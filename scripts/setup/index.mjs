/**
 * Makes a checkout ready to run: packages, Node 24, the generated client, the kernels, the build. What is done
 * already is not done again; what was interrupted is.
 *
 * Node built-ins only: this runs before anything is installed, on the machine's own Node.
 */
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { generateClient } from './generate.mjs';
import { compileKernels } from './kernels.mjs';
import { exclusively } from './lock.mjs';
import { continueInNode24 } from './node24.mjs';

const OLDEST_NODE = 20;

/** After it we are in Node 24, and dist/ is what the sources say. */
export async function setup({ web = true, built = true } = {}) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Error(
      `Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or later.`,
    );
  }
  await exclusively(installDependencies);
  await continueInNode24();
  await exclusively(async () => {
    await generateClient();
    await compileKernels();
    if (built) await build({ web });
  });
}

/** Runs a command's main function; a failure is its sentence, and an exit code that is not 0. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${process.env.DEBUG ? error.stack : error.message}\n`);
    process.exitCode = 1;
  }
}
