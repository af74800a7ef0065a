/** The WebAssembly kernels, compiled from libs/kernels/assembly into a TypeScript module each. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, withPackages } from './commands.mjs';
import { step } from './progress.mjs';
import { ROOT } from './root.mjs';
import { contentHash, whenChanged } from './stamps.mjs';

const SOURCES = 'libs/kernels/assembly';
const GENERATED = 'libs/kernels/src/generated';
const MODULES = ['filter', 'fold', 'sliding-location'];
const OPTIONS = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];

export async function compileKernels({ force = false } = {}) {
  const hash = contentHash([SOURCES, 'node_modules/assemblyscript/package.json']);
  const isThere = MODULES.every((name) => existsSync(join(ROOT, GENERATED, `${name}-wasm.ts`)));
  const compile = () => step('Compiling the kernels', () => Promise.all(MODULES.map(compileOne)));
  await whenChanged('node_modules/.lightfold/kernels', hash, compile, { force: force || !isThere });
}

async function compileOne(name) {
  const folder = mkdtempSync(join(tmpdir(), 'lightfold-kernel-'));
  try {
    const output = join(folder, `${name}.wasm`);
    await run('asc', [`${SOURCES}/${name}.ts`, ...OPTIONS, '--outFile', output], {
      what: `The compilation of ${SOURCES}/${name}.ts`,
      env: withPackages(),
    });
    const constant = `${name.toUpperCase().replaceAll('-', '_')}_WASM`;
    const base64 = readFileSync(output).toString('base64');
    mkdirSync(join(ROOT, GENERATED), { recursive: true });
    writeFileSync(
      join(ROOT, GENERATED, `${name}-wasm.ts`),
      `/** Compiled from ${SOURCES}/${name}.ts, as base64. */\nexport const ${constant} = '${base64}';\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
