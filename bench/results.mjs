/** What a bench measured, where and with what: bench/results/<name>.json, which is committed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

/** Each bench has its own file, so that one can be run again alone. */
export async function writeResult(name, result) {
  const facts = { command: commandLine(), machine: machine(), commit: commit(), ...result };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, `${name}.json`), await formatted(JSON.stringify(facts), 'json'));
  const { writePage } = await import('./render.mjs');
  await writePage();
}

/** @returns name -> result */
export function readResults() {
  if (!existsSync(RESULTS)) return {};
  const files = readdirSync(RESULTS)
    .filter((file) => file.endsWith('.json'))
    .sort();
  return Object.fromEntries(
    files.map((file) => [
      file.replace(/\.json$/, ''),
      JSON.parse(readFileSync(join(RESULTS, file), 'utf8')),
    ]),
  );
}

/** As Prettier writes it, so that what is written passes the check. */
export async function formatted(text, parser) {
  const { format, resolveConfig } = await import('prettier');
  const options = await resolveConfig(join(root, 'package.json'));
  return format(text, { ...options, parser });
}

function commandLine() {
  const words = process.argv.slice(2);
  return `npm run bench -- ${words.join(' ')}`.trim();
}

function machine() {
  const [{ model }] = cpus();
  return {
    cpu: model.trim(),
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** Of the sources that were measured; marked where the search differs from it. */
function commit() {
  const git = (...words) =>
    execFileSync('git', words, { cwd: root, stdio: 'pipe' }).toString().trim();
  try {
    const changed = git('status', '--porcelain', '--', 'libs') === '' ? '' : ' with changes';
    return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
  } catch {
    return 'unknown';
  }
}
