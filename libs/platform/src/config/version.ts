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
