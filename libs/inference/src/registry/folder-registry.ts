/**
 * A registry in a folder:
 *
 *   <name>/history.jsonl        moves of aliases, a line each; lines are only ever added
 *   <name>/latest -> v1.1.0     links for people; the history decides
 *   <name>/v1.0.0/metadata.json and the files that it names
 *
 * Whoever reads it needs no right to write (a read-only mount). Versions appear whole or not at all:
 * their folder is filled beside its place and renamed.
 */
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import {
  filesOfVersion,
  modelAlias,
  type ModelAlias,
  modelName,
  modelVersionNumber,
} from '#contracts';
import { type AliasMove, aliasesAfter } from './alias-history.js';
import { type ModelRecord, versionsInOrder } from './registry.js';
import { InvalidVersionError, ModelNotFoundError, VersionExistsError } from './registry.errors.js';
import { METADATA_FILE, parseMetadata, VersionFiles } from './version-files.js';

const HISTORY_FILE = 'history.jsonl';

const aliasMove = z.strictObject({
  alias: modelAlias,
  version: modelVersionNumber.nullable(),
  at: z.iso.datetime(),
  by: z.string(),
  note: z.string(),
});

export class FolderRegistry {
  constructor(readonly folder: string) {}

  /** All models, by name. A folder that is not there holds none. */
  async list(): Promise<ModelRecord[]> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(missingIsEmpty);
    const names = entries
      .filter((entry) => entry.isDirectory() && modelName.safeParse(entry.name).success)
      .map(({ name }) => name)
      .sort();
    const models: ModelRecord[] = [];
    for (const name of names) models.push(await this.get(name));
    return models.filter(({ versions }) => versions.size > 0);
  }

  /**
   * @throws {ModelNotFoundError}
   * @throws {InvalidVersionError} where metadata or history cannot be read
   */
  async get(name: string): Promise<ModelRecord> {
    if (!modelName.safeParse(name).success) throw new ModelNotFoundError(name);
    const entries = await readdir(join(this.folder, name)).catch(missingIsEmpty);
    const versions: VersionFiles[] = [];
    for (const entry of entries) {
      const version = entry.startsWith('v') ? entry.slice(1) : '';
      if (!modelVersionNumber.safeParse(version).success) continue;
      versions.push(await this.open(name, version));
    }
    if (versions.length === 0) throw new ModelNotFoundError(name);
    const moves = await this.history(name);
    return { name, owner: 'platform', versions: versionsInOrder(versions), moves };
  }

  /**
   * Takes a version in: a copy of its files. It is `latest` from then on.
   *
   * @param source a folder with `metadata.json` and all files that it names
   * @throws {VersionExistsError}
   * @throws {InvalidVersionError} where a file is missing or another than the metadata say
   */
  async register(source: string, by: string, note = ''): Promise<VersionFiles> {
    const version = await openVersion(source, basename(source));
    const { metadata } = version;
    for (const file of filesOfVersion(metadata)) await version.read(file);
    const home = join(this.folder, metadata.name);
    await mkdir(home, { recursive: true });
    const draft = await mkdtemp(join(home, '.draft-'));
    try {
      await cp(source, draft, { recursive: true });
      await chmod(draft, 0o755); // a draft is its maker's alone, a version anybody's to read
      await rename(draft, this.versionFolder(metadata.name, metadata.version));
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      if (!isTaken(error)) throw error;
      throw new VersionExistsError(metadata.name, metadata.version);
    }
    await this.move(metadata.name, 'latest', metadata.version, by, note);
    return this.open(metadata.name, metadata.version);
  }

  /** Writes down that an alias stands for another version now. */
  async move(
    name: string,
    alias: ModelAlias,
    version: string | null,
    by: string,
    note: string,
  ): Promise<AliasMove> {
    const move: AliasMove = { alias, version, at: new Date().toISOString(), by, note };
    // One write at the end of the file: two at the same time are two whole lines.
    await appendFile(join(this.folder, name, HISTORY_FILE), `${JSON.stringify(move)}\n`);
    await this.link(name, alias);
    return move;
  }

  private async history(name: string): Promise<AliasMove[]> {
    const text = await readFile(join(this.folder, name, HISTORY_FILE), 'utf8').catch((error) => {
      if (isMissing(error)) return '';
      throw error;
    });
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line, i) => parseMove(line, `${name}/${HISTORY_FILE}`, i + 1));
  }

  /** As the history says; a folder on a file system without links does without. */
  private async link(name: string, alias: ModelAlias): Promise<void> {
    const version = aliasesAfter(await this.history(name)).get(alias);
    const place = join(this.folder, name, alias);
    const draft = `${place}.${process.pid}.draft`;
    try {
      if (version === undefined) await rm(place, { force: true });
      else {
        await symlink(`v${version}`, draft, 'dir');
        await rename(draft, place);
      }
    } catch {
      await rm(draft, { force: true });
    }
  }

  private async open(name: string, version: string): Promise<VersionFiles> {
    const files = await openVersion(this.versionFolder(name, version), `${name}@${version}`);
    const { metadata } = files;
    if (metadata.name === name && metadata.version === version) return files;
    throw new InvalidVersionError(`${name}@${version}`, [
      `${METADATA_FILE} says that it is ${files.reference}.`,
    ]);
  }

  private versionFolder(name: string, version: string): string {
    return join(this.folder, name, `v${version}`);
  }
}

/** A version in a folder of its own, registered or not yet. */
export async function openVersion(folder: string, reference: string): Promise<VersionFiles> {
  const read = async (file: string): Promise<Uint8Array<ArrayBuffer> | null> =>
    readFile(join(folder, file)).catch((error) => {
      if (isMissing(error)) return null;
      throw error;
    });
  const bytes = await read(METADATA_FILE);
  if (!bytes) throw new InvalidVersionError(reference, [`${METADATA_FILE} is missing.`]);
  return new VersionFiles(parseMetadata(bytes, reference), read);
}

function parseMove(line: string, file: string, number: number): AliasMove {
  try {
    return aliasMove.parse(JSON.parse(line));
  } catch (cause) {
    throw new InvalidVersionError(file, [`Line ${number} is no move of an alias.`], { cause });
  }
}

const codeOf = (error: unknown) => (error as { code?: unknown }).code;
const isMissing = (error: unknown) => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
const isTaken = (error: unknown) => codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST';

function missingIsEmpty(error: unknown): [] {
  if (isMissing(error)) return [];
  throw error;
}
