/**
 * What a thread loads, it loads once for each core: a framework or a client of the store costs every
 * one of them some 10 to 20 MiB.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const BUILD =
  process.env.LIGHTFOLD_BUILD ?? fileURLToPath(new URL('../../../../dist', import.meta.url));

/** Imports an entry file in a fresh process and prints the packages whose files were loaded. */
const LIST_PACKAGES = `
  import { registerHooks } from 'node:module';
  const packages = new Set();
  registerHooks({
    load(url, context, next) {
      const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1];
      if (name) packages.add(name);
      return next(url, context);
    },
  });
  await import(process.argv[1]);
  console.log(JSON.stringify([...packages]));
`;

function packagesOf(entry: string): string[] {
  const { href } = pathToFileURL(`${BUILD}/apps/worker/src/threads/${entry}.thread.js`);
  const words = ['--input-type=module', '--eval', LIST_PACKAGES, href];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as string[];
}

const isForeign = (name: string) => /^@nestjs|^@aws-sdk|^@smithy|^@prisma/.test(name);

it.each([
  ['validation', ['csv-parse']],
  ['detection', ['fontkit', 'pdfkit']],
  ['report', ['fontkit', 'pdfkit']],
  ['shard', []],
])('the %s thread loads what it needs, no framework and no client', (entry, needed) => {
  const packages = packagesOf(entry);
  expect(packages).toEqual(expect.arrayContaining(needed));
  expect(packages.filter(isForeign)).toEqual([]);
  for (const name of ['zod', 'pino', 'rxjs', 'reflect-metadata', 'bull', 'pg']) {
    expect(packages).not.toContain(name);
  }
});

it('the training thread, which may be terminated at any moment, loads no ONNX Runtime, nor framework or client', () => {
  const packages = packagesOf('training');
  expect(packages).toEqual(expect.arrayContaining(['csv-parse', 'zod']));
  expect(packages.filter(isForeign)).toEqual([]);
  for (const name of ['onnxruntime-node', 'pino', 'rxjs', 'reflect-metadata', 'bull', 'pg']) {
    expect(packages).not.toContain(name);
  }
});
