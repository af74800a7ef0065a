import type { ModelMetadata } from '#contracts';
import {
  checkVersion,
  InvalidVersionError,
  RunnerLostError,
  VersionFiles,
  withOwnRunner,
} from '#inference';
import { VersionRefusedError } from './registration.errors.js';

/**
 * The checks of `lightfold models register`, away from what serves.
 *
 * @param files bytes by file name
 * @throws {VersionRefusedError} with what is wrong, by file or input schema
 */
export async function checkDraft(
  metadata: ModelMetadata,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  seconds: number,
): Promise<void> {
  const version = new VersionFiles(metadata, async (file) => files.get(file) ?? null);
  try {
    await withOwnRunner((runner) => checkVersion(version, runner), seconds);
  } catch (cause) {
    if (cause instanceof InvalidVersionError) {
      throw new VersionRefusedError(version.reference, cause.faults, cause);
    }
    if (cause instanceof RunnerLostError) {
      throw new VersionRefusedError(version.reference, [cause.message], cause);
    }
    throw cause;
  }
}
