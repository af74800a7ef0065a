/** What a step was last done for, so that it is done again only when its inputs have changed. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './root.mjs';

/** SHA-256 of files and folders (without node_modules), by path and content. */
export function contentHash(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const status = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (!status) return;
    if (status.isDirectory()) {
      for (const name of readdirSync(join(ROOT, path)).sort()) {
        if (name !== 'node_modules') visit(join(path, name));
      }
    } else if (status.isFile()) {
      hash.update(`${path}\0${status.size}\0`).update(readFileSync(join(ROOT, path)));
    }
  };
  paths.forEach(visit);
  return hash.digest('hex');
}

/**
 * Does `work` unless it was done for the same `hash`. The stamp is written afterwards, so that work
 * which was interrupted is done again.
 */
export async function whenChanged(stampFile, hash, work, { force = false } = {}) {
  const file = join(ROOT, stampFile);
  if (!force && readStamp(file) === hash) return false;
  await work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
  return true;
}

function readStamp(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
