/**
 * The Python that the peers run in, and a peer as a process that answers one request at a time.
 *
 * `BENCH_PYTHON` names one that has the packages of requirements.txt; else the bench makes its own
 * virtual environment in .lightfold/. A peer that cannot be had is null, and whoever asked for it is
 * told why.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const venv = fileURLToPath(new URL('../../.lightfold/bench-python', import.meta.url));
/** The benches compare one core with one core. */
const ONE_THREAD = Object.fromEntries(
  ['OMP_NUM_THREADS', 'NUMBA_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'].map(
    (name) => [name, '1'],
  ),
);

const QUIET = {
  PYTHONWARNINGS: 'ignore',
  PYTHONDONTWRITEBYTECODE: '1',
  NUMBA_CACHE_DIR: fileURLToPath(new URL('../../.lightfold/bench-numba', import.meta.url)),
};

const EARLIER = fileURLToPath(new URL('../../.lightfold/bench-python-earlier', import.meta.url));

let chosen;

/** @returns {string | null} path of the interpreter */
export function findPython(say) {
  chosen ??= { path: choosePython(say) };
  return chosen.path;
}

function choosePython(say) {
  if (process.env.BENCH_PYTHON) return process.env.BENCH_PYTHON;
  const own = join(venv, 'bin/python');
  try {
    if (!existsSync(join(venv, 'complete'))) {
      say(`Making a Python environment for the peers in ${venv} (once, some minutes) ...`);
      execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
      const requirements = join(here, 'requirements.txt');
      execFileSync(own, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { stdio: 'pipe' });
      writeFileSync(join(venv, 'complete'), '');
    }
    return own;
  } catch (error) {
    say(`No Python for the peers: ${firstLine(error.stderr?.toString() || error.message)}`);
    return null;
  }
}

/** The packages of requirements-earlier.txt in a folder of their own, over those of the Python. */
function installEarlier(python) {
  if (existsSync(join(EARLIER, 'complete'))) return;
  const requirements = join(here, 'requirements-earlier.txt');
  const words = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', EARLIER];
  execFileSync(python, [...words, '-r', requirements], { stdio: 'pipe' });
  writeFileSync(join(EARLIER, 'complete'), '');
}

/**
 * Starts peers/<name>.py.
 *
 * @param options earlier: with the packages of requirements-earlier.txt
 * @returns {Promise<Peer | null>} null where it cannot be had, which has then been said
 */
export async function startPeer(name, say, { earlier = false } = {}) {
  const python = findPython(say);
  if (!python) {
    say(`SKIPPED ${name}: there is no Python for it (set BENCH_PYTHON).`);
    return null;
  }
  let peer = null;
  try {
    if (earlier) installEarlier(python);
    peer = new Peer(name, python, earlier ? { PYTHONPATH: EARLIER } : {});
    peer.versions = (await peer.ask('versions', emptyCurve)).versions;
    return peer;
  } catch (error) {
    peer?.stop();
    say(`SKIPPED ${name}: ${firstLine(error.stderr?.toString() || error.message)}`);
    return null;
  }
}

const none = new Float64Array(0);
const emptyCurve = { timeDays: none, flux: none, fluxError: none };

class Peer {
  constructor(name, python, settings) {
    this.name = name;
    this.folder = mkdtempSync(join(tmpdir(), 'lightfold-bench-'));
    this.errors = '';
    this.child = spawn(python, [join(here, `${name}.py`)], {
      env: { ...process.env, ...ONE_THREAD, ...QUIET, ...settings },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr.on('data', (text) => (this.errors = (this.errors + text).slice(-4000)));
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => resolve(error.message));
      this.child.on('close', () => resolve(lastLine(this.errors) || 'it ended'));
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    // A request to a process that has ended is answered by `ended`.
    this.child.stdin.on('error', () => {});
  }

  /**
   * @param call one of the peer's functions
   * @returns its answer, with `seconds` and `cpuSeconds` of the call alone
   */
  async ask(call, curve, request = {}) {
    const path = join(this.folder, 'curve.f64');
    const { timeDays, flux, fluxError } = curve;
    writeFileSync(path, Buffer.concat([timeDays, flux, fluxError].map(bytes)));
    this.child.stdin.write(`${JSON.stringify({ call, path, ...request })}\n`);
    const answer = await Promise.race([
      this.lines.next().then(({ value, done }) => (done ? this.ended : value)),
      this.ended,
    ]);
    if (!answer?.startsWith('{')) throw new Error(`${this.name}: ${answer}`);
    const parsed = JSON.parse(answer);
    if (parsed.error) throw new Error(`${this.name}: ${parsed.error}`);
    return parsed;
  }

  stop() {
    this.child.stdin.end();
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const bytes = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const firstLine = (text) => text.trim().split('\n')[0];
const lastLine = (text) => text.trim().split('\n').at(-1);
