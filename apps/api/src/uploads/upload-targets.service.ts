import { Injectable } from '@nestjs/common';
import type { UploadTarget } from '#contracts';
import { Settings } from '#platform/config';
import { ObjectStore, type StoredObject, type StoredPart } from '#platform/storage';
import { inParallel } from './in-parallel.js';
import { lifeOfUrl } from './life-of-url.js';
import { partsOf } from './parts.js';
import { type UploadFile, UploadsRepository } from './uploads.repository.js';

type MultipartFile = UploadFile & { readonly partSizeBytes: number };

/** Says where the bytes of a file go: signed URLs for what has not arrived. */
@Injectable()
export class UploadTargetsService {
  constructor(
    private readonly store: ObjectStore,
    private readonly uploads: UploadsRepository,
    private readonly settings: Settings,
  ) {}

  /** Of files that have not been sent at all. */
  begin(files: readonly UploadFile[], until: Date): Promise<UploadTarget[]> {
    return inParallel(files, (file) => this.targetOf(file, null, until));
  }

  /** Of files whose object is missing, or is not what was announced. */
  resume(
    files: readonly { file: UploadFile; found: StoredObject | null }[],
    until: Date,
  ): Promise<UploadTarget[]> {
    return inParallel(files, ({ file, found }) => this.targetOf(file, found, until));
  }

  private async targetOf(
    file: UploadFile,
    found: StoredObject | null,
    until: Date,
  ): Promise<UploadTarget> {
    if (isMultipart(file)) return this.partsFor(file, found, until);
    const { url, headers } = await this.store.presignPut(file.objectKey, {
      sizeBytes: file.sizeBytes,
      contentType: file.contentType,
      expiresSeconds: lifeOfUrl(this.settings, until),
    });
    return {
      fileId: file.id,
      filename: file.filename,
      method: 'PUT',
      url,
      headers: { ...headers },
    };
  }

  private async partsFor(
    file: MultipartFile,
    found: StoredObject | null,
    until: Date,
  ): Promise<UploadTarget> {
    const { multipartId, arrived } = await this.openMultipart(file, found);
    const whole = new Set(arrived.map(({ partNumber, sizeBytes }) => `${partNumber}:${sizeBytes}`));
    const missing = partsOf(file.sizeBytes, file.partSizeBytes).filter(
      ({ partNumber, sizeBytes }) => !whole.has(`${partNumber}:${sizeBytes}`),
    );
    const parts = await inParallel(missing, async ({ partNumber, sizeBytes }) => ({
      partNumber,
      url: await this.store.presignPart(file.objectKey, multipartId, {
        partNumber,
        sizeBytes,
        expiresSeconds: lifeOfUrl(this.settings, until),
      }),
    }));
    return {
      fileId: file.id,
      filename: file.filename,
      method: 'MULTIPART',
      partSizeBytes: file.partSizeBytes,
      parts,
    };
  }

  /** The upload that is open on the store, or a new one where there is none (any more). */
  private async openMultipart(
    { id, objectKey, contentType, multipartId }: MultipartFile,
    found: StoredObject | null,
  ): Promise<{ multipartId: string; arrived: readonly StoredPart[] }> {
    if (found) {
      // Parts of other sizes were put together: what they made cannot become what was announced.
      await this.store.delete([objectKey]);
    } else if (multipartId !== null) {
      const arrived = await this.store.listParts(objectKey, multipartId);
      if (arrived) return { multipartId, arrived };
    }
    const begun = await this.store.createMultipart(objectKey, contentType);
    const remembered = await this.uploads.rememberMultipart(id, multipartId, begun);
    if (remembered !== begun) await this.store.abortMultipart(objectKey, begun);
    return { multipartId: remembered, arrived: [] };
  }
}

const isMultipart = (file: UploadFile): file is MultipartFile => file.partSizeBytes !== null;
