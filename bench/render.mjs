/**
 * docs/benchmarks.md, from the committed results: the page says what was measured, never what was
 * hoped for. `npm run bench -- page` writes it, `npm run bench -- page --check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { biweightSection } from './biweight/tables.mjs';
import { learningSection } from './learning/tables.mjs';
import { recallSection } from './recall/section.mjs';
import { scalingSection } from './scaling/tables.mjs';
import { servingSection } from './serving/tables.mjs';
import { splitSection } from './split/tables.mjs';
import { speedSection } from './speed/tables.mjs';
import { taskSection } from './task/tables.mjs';
import { vettingSection } from './vetting/section.mjs';
import { formatted, readResults } from './results.mjs';

const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));

const HEAD = `# Benchmarks

How fast the transit engine is and how deep it looks, beside the programs that astronomers use. This page is written by \`npm run bench\` from the results in \`bench/results\`; every number says with which command, on which machine and from which commit it comes.

\`npm run bench -- speed\`, \`recall\`, \`scaling\`, \`biweight\`, \`task\`, \`split\`, \`vetting\`, \`learning\` or \`serving\` runs one of them again; the options stand at the head of each file in \`bench/\`. The peers are Python packages (\`bench/peers/requirements.txt\`): the bench makes its own virtual environment, or takes the interpreter that \`BENCH_PYTHON\` names. A peer that cannot be had is said to be skipped.

The curves are simulated (\`bench/workloads\`): gaps, barycentric drift, lost points, white noise or white and red noise (an Ornstein–Uhlenbeck process of 0.25 d and 35 % of the white noise), limb-darkened transits of a planet of the Sun with impact parameters from 0 to 0.9. All programs see the same bytes and use one core.
`;

export async function renderPage(results = readResults()) {
  return formatted(
    [
      HEAD,
      ...speedSection(results),
      ...recallSection(results),
      ...scalingSection(results),
      ...splitSection(results),
      ...biweightSection(results),
      ...taskSection(results),
      ...vettingSection(results),
      ...learningSection(results),
      ...servingSection(results),
    ].join('\n'),
    'markdown',
  );
}

export async function writePage() {
  writeFileSync(page, await renderPage());
}

/** @throws {Error} where the page is not what the results say */
export async function checkPage() {
  if (readFileSync(page, 'utf8') !== (await renderPage())) {
    throw new Error(
      'docs/benchmarks.md is not current: run "npm run bench -- page" and commit it.',
    );
  }
}
