import { readFileSync } from 'node:fs';

/** Version of this code, from the package.json that it was built with. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const here = import.meta.url;
  const root = here.slice(0, here.lastIndexOf('/libs/')).replace(/\/dist$/, '');
  const manifest = JSON.parse(readFileSync(new URL(`${root}/package.json`), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/**
 * What runs it: V8 changed the last digit of some powers and roots from Node.js 20 to 24, so that the
 * same bytes take the same one.
 */
export const RUNTIME = `Node.js ${process.versions.node}`;
