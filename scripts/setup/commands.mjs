import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const LINES_OF_OUTPUT = 30;

/** Runs a command to its end, quietly. @throws {Error} with the end of its output. */
export function run(command, args, { env = process.env, cwd = ROOT, what = command } = {}) {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-100_000));
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (cause) =>
      reject(new Error(`Cannot run ${command}: ${cause.message}`, { cause })),
    );
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const end = output.trimEnd().split('\n').slice(-LINES_OF_OUTPUT).join('\n');
      reject(new Error(`${what} failed (${signal ?? `exit code ${code}`}):\n${end}`));
    });
  });
}

/** The environment in which the packages' commands, and Node 24 among them, come first. */
export const withPackages = (extra = {}) => ({
  ...process.env,
  PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`,
  ...extra,
});
