import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** The rules that a small tree of files breaks. */
async function brokenRules(files: Readonly<Record<string, string>>, folder: string) {
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  }
  const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const { stdout } = await run(
    process.execPath,
    [depcruise, 'apps', 'libs', '--config', config, '--output-type', 'json'],
    { cwd: folder, maxBuffer: 1e8 },
  ).catch((error: { stdout: string }) => error);
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  return summary.violations.map(({ rule, from }) => `${from}: ${rule.name}`);
}

describe('the import arrows', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lightfold-arrows-'));
    await mkdir(join(folder, 'apps'));
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { module: 'nodenext' } }),
    );
  });

  afterEach(() => rm(folder, { recursive: true }));

  const transit = { 'libs/transit/src/index.ts': 'export const a = 1;\n' };
  const contracts = { 'libs/contracts/src/index.ts': 'export const b = 1;\n' };

  it('let a library use what stands below it', async () => {
    const figures = "export { a } from '../../transit/src/index.js';\n";
    expect(await brokenRules({ ...transit, 'libs/figures/src/f.ts': figures }, folder)).toEqual([]);
  });

  it('refuse contracts that import the science', async () => {
    const wrong = "export { a } from '../../transit/src/index.js';\n";
    expect(await brokenRules({ ...transit, 'libs/contracts/src/c.ts': wrong }, folder)).toEqual([
      'libs/contracts/src/c.ts: contracts-imports-only-nothing-of-ours',
    ]);
  });

  it('refuse science that reads files, save in its io folder', async () => {
    const reads = "export { readFileSync } from 'node:fs';\n";
    const files = { 'libs/transit/src/bls.ts': reads, 'libs/transit/src/io/read.ts': reads };
    expect(await brokenRules(files, folder)).toEqual(['libs/transit/src/bls.ts: science-is-pure']);
  });

  it('refuse an app that imports another, and a page that knows more than the wire', async () => {
    const files = {
      ...transit,
      ...contracts,
      'apps/api/src/a.ts': 'export const c = 1;\n',
      'apps/cli/src/b.ts': "export { c } from '../../api/src/a.js';\n",
      'apps/web/src/ok.ts': "export { b } from '../../../libs/contracts/src/index.js';\n",
      'apps/web/src/wrong.ts': "export { a } from '../../../libs/transit/src/index.js';\n",
    };
    expect((await brokenRules(files, folder)).sort()).toEqual([
      'apps/cli/src/b.ts: nobody-imports-an-app',
      'apps/web/src/wrong.ts: the-page-knows-only-the-wire',
    ]);
  });

  it('refuse circles', async () => {
    const files = {
      'libs/figures/src/a.ts': "export { b } from './b.js';\nexport const a = 1;\n",
      'libs/figures/src/b.ts': "import { a } from './a.js';\nexport const b = a;\n",
    };
    expect(await brokenRules(files, folder)).toContain('libs/figures/src/a.ts: no-circles');
  });
});
