import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const LINES_OF_OUTPUT = 30;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a command to its end, quietly. @throws {Error} with the end of its output. */
export function run(command, args, { env = process.env, cwd = ROOT, what = command } = {}) {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-100_000));
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const pass = (signal) => {
      child.kill(signal);
      process.exit(1);
    };
    SIGNALS.forEach((signal) => process.once(signal, pass));
    child.once('exit', () => SIGNALS.forEach((signal) => process.off(signal, pass)));
    child.once('error', (cause) =>
      reject(new Error(`Cannot run ${command}: ${cause.message}`, { cause })),
    );
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const lines = output.trimEnd().split('\n');
      const errors = lines.filter((line) => line.startsWith('npm error')); // warnings surround them
      const end =
        errors.length > 0 ? errors.slice(0, LINES_OF_OUTPUT) : lines.slice(-LINES_OF_OUTPUT);
      reject(new Error(`${what} failed (${signal ?? `exit code ${code}`}):\n${end.join('\n')}`));
    });
  });
}

/** The environment in which the packages' commands, and Node 24 among them, come first. */
export const withPackages = (extra = {}) => ({
  ...process.env,
  PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`,
  ...extra,
});
