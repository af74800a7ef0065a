/**
 * Goes on in Node 24. The first script of a fresh checkout runs on the machine's own Node; the npm
 * package `node` brings the one that the rest needs.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPackages } from './commands.mjs';
import { ROOT } from './root.mjs';

const NEEDED_MAJOR = 24;
const AGAIN = 'LIGHTFOLD_NODE';

/** Resolves only in Node 24; in an older one it runs the same command again and ends with it. */
export async function continueInNode24() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return endWithParent();
  const node = join(ROOT, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(node) || process.env[AGAIN]) {
    throw new Error(
      `Lightfold needs Node ${NEEDED_MAJOR}, and ${node} is not it. Remove the folder ` +
        `node_modules and try again, or install Node ${NEEDED_MAJOR}.`,
    );
  }
  const child = spawn(node, process.argv.slice(1), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: withPackages({ [AGAIN]: process.versions.node }),
  });
  // A terminal signals both of us; somebody else only the one they know.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  endWithNpm();
  const { code, signal } = await new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', reject);
  });
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(code ?? 1);
}

/** When whoever started us is gone without a word, it is as if they had sent SIGTERM. */
function endWithParent() {
  if (process.channel) {
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    process.channel.unref();
  } else {
    endWithNpm();
  }
}

/** npm runs us through a shell, which outlives npm and would keep us company for ever. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event || process.platform !== 'linux') return;
  const ancestors = () => [process.ppid, parentOf(process.ppid)].join();
  const before = ancestors();
  setInterval(() => {
    if (ancestors() !== before) process.kill(process.pid, 'SIGTERM');
  }, 1000).unref();
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return null;
  }
}
