/** One line a step: what is being done, and how long it took where that was noticeable. */

const NOTICEABLE_MS = 2000;

/**
 * Runs a step. Its line appears when it is done, or after two seconds when it is not: quick steps
 * stay silent. Output goes to stderr: stdout belongs to the command that needed the step.
 */
export async function step(title, work) {
  const started = Date.now();
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    process.stderr.write(`${title} ...\n`);
  }, NOTICEABLE_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (shown) process.stderr.write(`${title}: ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  }
}
