/** A registry in a folder of its own, with versions of models in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderRegistry } from '#inference';
import { aVersion, type VersionOptions, written } from './models.js';

export interface ModelFolder {
  readonly registry: FolderRegistry;
  /** Writes the files of a version, not registered yet; answers their folder. */
  draft(options?: VersionOptions): Promise<string>;
  remove(): Promise<void>;
}

export async function aModelFolder(versions: readonly VersionOptions[] = []): Promise<ModelFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'lightfold-models-'));
  const registry = new FolderRegistry(join(folder, 'models'));
  let drafts = 0;
  const draft = (options: VersionOptions = {}) =>
    written(aVersion(options), join(folder, `draft-${drafts++}`));
  for (const options of versions) await registry.register(await draft(options), 'test');
  return { registry, draft, remove: () => rm(folder, { recursive: true }) };
}
