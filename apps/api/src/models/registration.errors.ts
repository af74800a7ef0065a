import { HttpStatus } from '@nestjs/common';
import type { ModelFile } from '#contracts';
import { ProblemError } from '../http/problem-error.js';

export class ModelNameTakenError extends ProblemError {
  constructor(name: string) {
    super({
      slug: 'model-name-taken',
      title: 'There is such a model already',
      status: HttpStatus.CONFLICT,
      detail: `${name} is the name of a model of your team, or of one that comes with the platform.`,
    });
  }
}

export class VersionExistsProblem extends ProblemError {
  constructor(name: string, version: string, isRegistered: boolean) {
    super({
      slug: 'version-exists',
      title: 'There is such a version already',
      status: HttpStatus.CONFLICT,
      detail: isRegistered
        ? `${name} ${version} is registered, and versions never change: choose another number.`
        : `${name} ${version} is a draft: amend it, complete it or delete it.`,
      extensions: { is_registered: isRegistered },
    });
  }
}

export class DraftExpiredError extends ProblemError {
  constructor(name: string, version: string) {
    super({
      slug: 'draft-expired',
      title: 'Draft has expired',
      status: HttpStatus.GONE,
      detail: `The draft of ${name} ${version} was not completed in time; announce it again.`,
    });
  }
}

export interface MissingModelFile {
  readonly announced: ModelFile;
  /** null where there is nothing. */
  readonly foundBytes: number | null;
  /** null where it was not looked at: its size is wrong already. */
  readonly foundSha256: string | null;
}

export class VersionIncompleteError extends ProblemError {
  constructor(missing: readonly MissingModelFile[]) {
    super({
      slug: 'version-incomplete',
      title: 'Files of the version are missing',
      status: HttpStatus.CONFLICT,
      detail: missing.map(sentenceFor).join(' '),
      extensions: {
        files: missing.map(({ announced, foundBytes, foundSha256 }) => ({
          file: announced.file,
          size_bytes: announced.size_bytes,
          sha256: announced.sha256,
          found_bytes: foundBytes,
          found_sha256: foundSha256,
        })),
      },
    });
  }
}

function sentenceFor({ announced, foundBytes, foundSha256 }: MissingModelFile): string {
  const { file, size_bytes: sizeBytes, sha256 } = announced;
  if (foundBytes === null) return `${file} is missing.`;
  if (foundSha256 === null) return `${file} has ${foundBytes} bytes, not ${sizeBytes}.`;
  return `${file} has the SHA-256 ${foundSha256}, not ${sha256}.`;
}

/** The files are there, but are not what the metadata say, or do not do it. */
export class VersionRefusedError extends ProblemError {
  constructor(reference: string, faults: readonly string[], cause?: unknown) {
    super({
      slug: 'version-refused',
      title: 'Version is not what it says',
      status: HttpStatus.CONFLICT,
      detail: `${reference} is not registered: ${faults.join(' ')}`,
      extensions: { faults },
      cause,
    });
  }
}
