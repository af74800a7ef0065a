import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { RUNTIME, VERSION } from '#platform/config';

/**
 * Who computes the same bytes from the same points: the same code of the search, to the last byte, on
 * the same runtime and kind of processor.
 */
export const ENGINE = [VERSION, codeDigest(), RUNTIME, process.arch].join(' ');

function codeDigest(): string {
  const here = import.meta.url;
  const root = here.slice(0, here.lastIndexOf('/apps/'));
  const hash = createHash('sha256');
  for (const folder of ['libs/kernels/src/', 'libs/transit/src/']) {
    const files = readdirSync(new URL(`${root}/${folder}`), { recursive: true, encoding: 'utf8' });
    for (const file of files.sort()) {
      if (!/\.[jt]s$/.test(file) || /\.spec\./.test(file)) continue;
      hash.update(file).update(readFileSync(new URL(`${root}/${folder}${file}`)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
