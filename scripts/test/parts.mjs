/** The parts of `npm test`: checks of one verdict each, and three projects of Vitest. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { withPackages } from '../setup/commands.mjs';
import { ROOT } from '../setup/root.mjs';

export const CHECKS = ['types', 'lint', 'arrows', 'format', 'ledger'];
export const PROJECTS = ['unit', 'server', 'system'];

/** Limits in minutes; together they bound the whole run. */
const LIMITS = {
  types: 5,
  lint: 5,
  arrows: 5,
  format: 5,
  ledger: 1,
  unit: 20,
  server: 15,
  system: 30,
};

const running = new Set();

/** Ends whatever part is running, for good. */
export function endParts() {
  for (const child of running) killGroup(child);
}

/** @returns {Promise<Outcome>} `{ name, passed, skipped, failures, output }`; a failure is a line of text */
export async function runCheck(name) {
  const { code, output, late } = await run(
    name,
    ['npm', 'run', '--silent', `check:${name}`],
    {},
    true,
  );
  return {
    name,
    passed: code === 0 ? 1 : 0,
    skipped: 0,
    failures: code === 0 ? [] : [`npm run check:${name}`],
    output: output + lateSentence(name, late),
  };
}

export async function runProject(name, filters, env) {
  const folder = mkdtempSync(join(tmpdir(), 'lightfold-report-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const command = ['vitest', 'run', '--project', name, '--passWithNoTests', ...reporters];
    const { code, late } = await run(name, [...command, ...filters], env, false);
    const counts = existsSync(report) ? countsOf(readFileSync(report, 'utf8')) : NOTHING;
    const { failures } = counts;
    if (code !== 0 && failures.length === 0) failures.push(`${name}: an error outside any test`);
    return { name, ...counts, output: lateSentence(name, late) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NOTHING = { passed: 0, skipped: 0, failures: [] };

/** @param {string} json what Vitest's JSON reporter wrote */
export function countsOf(json) {
  const { testResults } = JSON.parse(json);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (...wanted) => tests.filter(({ status }) => wanted.includes(status)).length;
  return {
    passed: count('passed'),
    skipped: count('skipped', 'todo'),
    failures: testResults.flatMap(failuresOf),
  };
}

/** `pending` is what had begun, or waited, when the process of its file ended. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(ROOT, name);
  const failures = assertionResults
    .filter(({ status }) => status === 'failed' || status === 'pending')
    .map(
      ({ fullName, failureMessages }) =>
        `${file} > ${fullName}: ${firstLine(failureMessages?.[0]) ?? 'did not end'}`,
    );
  if (status === 'failed' && failures.length === 0) {
    failures.push(`${file}: ${firstLine(message) ?? 'could not be run'}`);
  }
  return failures;
}

const firstLine = (text) => text?.trim().split('\n', 1)[0] || undefined;

function run(name, [command, ...args], env, quiet) {
  return new Promise((resolve) => {
    let output = '';
    let late = false;
    const child = spawn(command, args, {
      cwd: ROOT,
      env: withPackages(env),
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      detached: true,
    });
    running.add(child);
    const timer = setTimeout(() => {
      late = true;
      killGroup(child);
    }, LIMITS[name] * 60_000);
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    const end = (code) => {
      clearTimeout(timer);
      running.delete(child);
      killGroup(child); // browsers and workers that a test left behind
      resolve({ code, output, late });
    };
    child.once('error', (error) => {
      output += error.message;
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

const lateSentence = (name, late) =>
  late ? `\nThe part ${name} did not end within ${LIMITS[name]} minutes and was stopped.` : '';

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it is gone
  }
}
