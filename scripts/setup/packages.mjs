/**
 * Packages of Debian and Ubuntu: installed where we may (root, or sudo without a password), else
 * unpacked into a folder of our own, which needs no rights at all.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './lock.mjs';
import { ROOT } from './root.mjs';

const APT_ENV = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** Where packages are unpacked when they cannot be installed: as if it were `/`. */
export const unpackedFolder = () => join(ROOT, '.lightfold', 'packages');

/** @throws {Error} one sentence that says why not. */
export async function installPackages(names, say) {
  if (process.platform !== 'linux' || !onPath('apt-get')) {
    throw new Error('this system has no apt-get.');
  }
  queue = queue.catch(() => {}).then(() => exclusively(() => obtain(names, say)));
  return queue;
}

/** apt-get works once at a time, and what is started at once may need several packages. */
let queue = Promise.resolve();

async function obtain(names, say) {
  const started = Date.now();
  const asRoot = rightsToInstall();
  if (asRoot === null) {
    say(`Unpacking ${names.join(', ')} into ${unpackedFolder()} (no right to install) ...`);
    await unpack(names);
  } else {
    say(`Installing ${names.join(', ')} with apt-get ...`);
    await install(names, asRoot);
  }
  say(`${names[0]} is there (${((Date.now() - started) / 1000).toFixed(0)} s).`);
}

function rightsToInstall() {
  if (process.getuid() === 0) return [];
  return onPath('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0
    ? ['sudo', '-n', 'DEBIAN_FRONTEND=noninteractive']
    : null;
}

async function install(names, asRoot) {
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const get = ['apt-get', ...options, 'install', '--yes', '--no-install-recommends', ...names];
  // The package lists may be missing or too old; both show only when something is fetched.
  const first = await run([...asRoot, ...get]);
  if (first.code === 0) return;
  const update = await run([...asRoot, 'apt-get', ...options, 'update']);
  const second = await run([...asRoot, ...get]);
  if (second.code !== 0) {
    throw new Error(`apt-get said: ${lastLine(second.output) || lastLine(update.output)}`);
  }
}

/** Downloads the packages with all that they need and is not installed, and unpacks them. */
async function unpack(names) {
  const folder = unpackedFolder();
  const state = join(folder, 'apt');
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(state, 'archives', 'partial'), { recursive: true });
  const options = [
    ...['-o', 'Debug::NoLocking=1', '-o', 'Acquire::Retries=3', '-o', 'APT::Sandbox::User='],
    ...['-o', `Dir::Cache::archives=${join(state, 'archives')}`],
    ...['-o', `Dir::Cache::pkgcache=`, '-o', `Dir::Cache::srcpkgcache=`],
  ];
  const ownLists = ['-o', `Dir::State::lists=${join(state, 'lists')}`];
  const get = ['install', '--download-only', '--yes', '--no-install-recommends', ...names];
  const first = await run(['apt-get', ...options, ...get]);
  if (first.code !== 0) {
    const update = await run(['apt-get', ...options, ...ownLists, 'update']);
    const second = await run(['apt-get', ...options, ...ownLists, ...get]);
    if (second.code !== 0) {
      throw new Error(`apt-get said: ${lastLine(second.output) || lastLine(update.output)}`);
    }
  }
  const archives = join(state, 'archives');
  for (const file of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    const { code, output } = await run(['dpkg-deb', '--extract', join(archives, file), folder]);
    if (code !== 0) throw new Error(`dpkg-deb said: ${lastLine(output)}`);
  }
  rmSync(state, { recursive: true, force: true });
  moveErlang(folder);
  wrapPrograms(folder);
}

/** Erlang's start scripts hold the folder that they were built for. */
function moveErlang(folder) {
  const home = join(folder, 'usr', 'lib', 'erlang');
  for (const script of ['erl', 'start']) {
    const file = join(home, 'bin', script);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('ROOTDIR=/usr/lib/erlang', `ROOTDIR='${home}'`));
  }
}

const WRAPPED = {
  'redis-server': 'usr/bin/redis-server',
  erl: 'usr/lib/erlang/bin/erl',
  chromium: 'usr/lib/chromium/chromium',
};

/** Programs find the libraries that were unpacked beside them only when they are told where. */
function wrapPrograms(folder) {
  const libraries = ['usr/lib', 'lib'].flatMap((lib) =>
    foldersIn(join(folder, lib))
      .filter((triple) => triple.endsWith('-linux-gnu'))
      .flatMap((triple) => [triple, ...foldersIn(triple).filter(holdsLibraries)]),
  );
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const [name, program] of Object.entries(WRAPPED)) {
    if (!existsSync(join(folder, program))) continue;
    const lines = [
      '#!/bin/sh',
      `export LD_LIBRARY_PATH='${libraries.join(':')}'"\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`,
      // Where the system has no fonts, those that were unpacked.
      `[ -d /etc/fonts ] || export FONTCONFIG_PATH='${folder}/etc/fonts' XDG_DATA_HOME='${folder}/usr/share'`,
      `exec '${join(folder, program)}' "$@"`,
    ];
    writeFileSync(join(folder, 'bin', name), `${lines.join('\n')}\n`, { mode: 0o755 });
  }
}

const foldersIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(folder, entry.name))
    : [];

const holdsLibraries = (folder) => readdirSync(folder).some((name) => /^lib.+\.so/.test(name));

function run([command, ...args]) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { env: APT_ENV, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

const onPath = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const lastLine = (text) => text.trim().split('\n').at(-1);
