import { Injectable } from '@nestjs/common';
import type { CompleteUpload } from '#contracts';
import {
  MultipartRefusedError,
  ObjectStore,
  type StoredObject,
  type UploadedPart,
} from '#platform/storage';
import { InvalidRequestError } from '../http/http.errors.js';
import { inParallel } from './in-parallel.js';
import { partsOf } from './parts.js';
import type { Upload, UploadFile } from './uploads.repository.js';

export interface Arrival {
  readonly file: UploadFile;
  /** What the store has under the file's key; null where there is nothing. */
  readonly found: StoredObject | null;
  /** There, and of the size that was announced. */
  readonly isWhole: boolean;
}

type SentParts = ReadonlyMap<string, readonly UploadedPart[]>;

/** Asks the object store what has arrived; nothing that a client says of it is believed. */
@Injectable()
export class ArrivalsService {
  constructor(private readonly store: ObjectStore) {}

  look(files: readonly UploadFile[]): Promise<Arrival[]> {
    return inParallel(files, (file) => this.lookAt(file));
  }

  /** Like `look`, after the parts of every multipart upload have been put together. */
  assemble(upload: Upload, request: CompleteUpload): Promise<Arrival[]> {
    const sent = sentParts(upload, request);
    return inParallel(upload.files, async (file) => {
      const arrival = await this.lookAt(file);
      if (arrival.isWhole || file.multipartId === null) return arrival;
      const parts = await this.partsToAssemble(file, file.multipartId, sent.get(file.id) ?? []);
      return parts ? this.assembleFile(file, file.multipartId, parts) : arrival;
    });
  }

  private async lookAt(file: UploadFile): Promise<Arrival> {
    const found = await this.store.head(file.objectKey);
    return { file, found, isWhole: found?.sizeBytes === file.sizeBytes };
  }

  /**
   * All parts of a file, as the client sent them, or else as the store knows them: who resumed an
   * upload knows only the last. Null while one is missing: a hole would make a shorter object and
   * end the upload, which nobody could mend.
   */
  private async partsToAssemble(
    { objectKey, sizeBytes, partSizeBytes }: UploadFile,
    multipartId: string,
    sent: readonly UploadedPart[],
  ): Promise<UploadedPart[] | null> {
    const needed = partsOf(sizeBytes, partSizeBytes!);
    const parts = new Map(sent.map((part) => [part.partNumber, part]));
    if (needed.some(({ partNumber }) => !parts.has(partNumber))) {
      for (const part of (await this.store.listParts(objectKey, multipartId)) ?? []) {
        if (!parts.has(part.partNumber)) parts.set(part.partNumber, part);
      }
    }
    const found = needed.map(({ partNumber }) => parts.get(partNumber));
    const isGapless = found.every((part) => part !== undefined) && parts.size === needed.length;
    return isGapless ? (found as UploadedPart[]) : null;
  }

  /** The store has the last word: another request may have put the parts together meanwhile. */
  private async assembleFile(
    file: UploadFile,
    multipartId: string,
    parts: readonly UploadedPart[],
  ): Promise<Arrival> {
    try {
      await this.store.completeMultipart(file.objectKey, multipartId, parts);
    } catch (error) {
      const arrival = await this.lookAt(file);
      if (arrival.isWhole || error instanceof MultipartRefusedError) return arrival;
      throw error;
    }
    return this.lookAt(file);
  }
}

/** The parts that the request names, by file; a file that the upload does not have is an error. */
function sentParts({ files }: Upload, request: CompleteUpload): SentParts {
  const known = new Set(files.map(({ id }) => id));
  const faults = request.files.flatMap(({ fileId }, index) =>
    known.has(fileId)
      ? []
      : [{ pointer: `#/files/${index}/file_id`, detail: 'Is not a file of this dataset' }],
  );
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return new Map(request.files.map(({ fileId, parts }) => [fileId, parts]));
}
