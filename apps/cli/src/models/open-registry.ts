import { userInfo } from 'node:os';
import {
  FolderRegistry,
  InputError,
  InvalidVersionError,
  ModelNotFoundError,
  NothingToRollBackError,
  PromotionRefusedError,
  versionAt,
  VersionExistsError,
  type VersionFiles,
} from '#inference';
import { CommandError } from '../output.js';
import type { RegistryOptions } from './options.js';

const FORESEEN = [
  InputError,
  InvalidVersionError,
  ModelNotFoundError,
  NothingToRollBackError,
  PromotionRefusedError,
  VersionExistsError,
];

/** Does something with a registry; what it refuses is the user's to read. */
export async function withRegistry<T>(
  { registryPath }: RegistryOptions,
  work: (registry: FolderRegistry) => Promise<T>,
): Promise<T> {
  try {
    return await work(new FolderRegistry(registryPath));
  } catch (cause) {
    if (!FORESEEN.some((kind) => cause instanceof kind)) throw cause;
    throw new CommandError((cause as Error).message, { cause });
  }
}

/** @throws {ModelNotFoundError} */
export async function getVersion(
  registry: FolderRegistry,
  name: string,
  at: string,
): Promise<VersionFiles> {
  const version = versionAt(await registry.get(name), at);
  if (!version) throw new ModelNotFoundError(`${name}@${at}`);
  return version;
}

/** Who is written into the history. */
export const currentUser = (): string => userInfo().username;
