import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isAlive, startOf } from '../services/process-identity.mjs';
import { ROOT } from './root.mjs';

const LINES_OF_OUTPUT = 30;
const RUNNING = join(ROOT, '.lightfold', 'setup.running');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a command to its end, quietly. @throws {Error} with the end of its output. */
export function run(command, args, { env = process.env, cwd = ROOT, what = command } = {}) {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-100_000));
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env, stdio, detached: true });
    if (child.pid) record(child.pid);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // What is left half done is done again; npm would take its time to tidy up.
    const giveUp = () => {
      endGroup(child.pid, 'SIGKILL');
      process.exit(1);
    };
    SIGNALS.forEach((signal) => process.once(signal, giveUp));
    child.once('exit', () => SIGNALS.forEach((signal) => process.off(signal, giveUp)));
    child.once('error', (cause) =>
      reject(new Error(`Cannot run ${command}: ${cause.message}`, { cause })),
    );
    child.once('close', (code, signal) => {
      rmSync(RUNNING, { force: true });
      if (code === 0) return resolve(output);
      const lines = output.trimEnd().split('\n');
      const errors = lines.filter((line) => line.startsWith('npm error')); // warnings surround them
      const end =
        errors.length > 0 ? errors.slice(0, LINES_OF_OUTPUT) : lines.slice(-LINES_OF_OUTPUT);
      reject(new Error(`${what} failed (${signal ?? `exit code ${code}`}):\n${end.join('\n')}`));
    });
  });
}

/** Ends the command of a setup that was killed: two of them in one folder break each other's work. */
export function endUnfinishedCommand() {
  try {
    const child = JSON.parse(readFileSync(RUNNING, 'utf8'));
    if (isAlive(child)) endGroup(child.pid, 'SIGKILL');
  } catch {
    // there is none
  }
  rmSync(RUNNING, { force: true });
}

function record(pid) {
  try {
    mkdirSync(dirname(RUNNING), { recursive: true });
    writeFileSync(RUNNING, JSON.stringify({ pid, start: startOf(pid) }));
  } catch {
    // a folder that may not be written to has no setup to protect
  }
}

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // it is gone
  }
}

/** The environment in which the packages' commands, and Node 24 among them, come first. */
export const withPackages = (extra = {}) => ({
  ...process.env,
  PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`,
  ...extra,
});
