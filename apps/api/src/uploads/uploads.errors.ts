import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '../http/problem-error.js';

export class QuotaExceededError extends ProblemError {
  constructor(neededBytes: number, usage: { usedBytes: number; quotaBytes: number }) {
    const freeBytes = usage.quotaBytes - usage.usedBytes;
    super({
      slug: 'quota-exceeded',
      title: 'Storage of the team is full',
      status: HttpStatus.CONFLICT,
      detail: `The files need ${neededBytes} bytes; ${freeBytes} of ${usage.quotaBytes} are free.`,
      extensions: {
        needed_bytes: neededBytes,
        used_bytes: usage.usedBytes,
        quota_bytes: usage.quotaBytes,
      },
    });
  }
}

export interface MissingFile {
  readonly fileId: string;
  readonly filename: string;
  readonly sizeBytes: number;
  /** Null where there is nothing. */
  readonly foundBytes: number | null;
}

export class UploadIncompleteError extends ProblemError {
  constructor(missing: readonly MissingFile[]) {
    super({
      slug: 'upload-incomplete',
      title: 'Upload is not complete',
      status: HttpStatus.CONFLICT,
      detail: `${missing.length} file(s) are missing or have another size than announced.`,
      extensions: {
        missing_keys: missing.map(({ filename }) => filename),
        missing_files: missing.map((file) => ({
          file_id: file.fileId,
          filename: file.filename,
          announced_bytes: file.sizeBytes,
          found_bytes: file.foundBytes,
        })),
      },
    });
  }
}

export class UploadExpiredError extends ProblemError {
  constructor(datasetId: string) {
    super({
      slug: 'upload-expired',
      title: 'Upload has expired',
      status: HttpStatus.GONE,
      detail: `The upload of dataset ${datasetId} was not completed in time; start it again.`,
    });
  }
}
