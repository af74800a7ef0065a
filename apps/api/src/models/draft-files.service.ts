import { Injectable } from '@nestjs/common';
import { distinctFiles, type ModelDraft, type ModelFile } from '#contracts';
import { sha256Of } from '#inference';
import { Settings } from '#platform/config';
import { type Draft, draftFileKey, MODEL_FILE_TYPE } from '#platform/models';
import { ObjectNotFoundError, ObjectStore } from '#platform/storage';
import { lifeOfUrl } from '../uploads/life-of-url.js';
import { type MissingModelFile, VersionIncompleteError } from './registration.errors.js';

/** The files of drafts in the object store: where they go, and what has come. */
@Injectable()
export class DraftFilesService {
  constructor(
    private readonly store: ObjectStore,
    private readonly settings: Settings,
  ) {}

  /** Where each file goes, and whether it is there already: one that is damaged may be sent again. */
  async session(draft: Draft): Promise<ModelDraft> {
    const { metadata, expiresAt } = draft;
    const uploads = await Promise.all(
      distinctFiles(metadata).map((file) => this.uploadOf(draft, file)),
    );
    return { name: metadata.name, version: metadata.version, expiresAt, uploads };
  }

  /**
   * All files whole, by name.
   *
   * @throws {VersionIncompleteError} naming all that are missing, or are not what was announced
   */
  async read(draft: Draft): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    const missing: MissingModelFile[] = [];
    for (const announced of distinctFiles(draft.metadata)) {
      const found = await this.readOne(draftFileKey(draft.id, announced.file), announced);
      if (found instanceof Uint8Array) files.set(announced.file, found);
      else missing.push({ announced, ...found });
    }
    if (missing.length > 0) throw new VersionIncompleteError(missing);
    return files;
  }

  private async uploadOf(
    { id, expiresAt }: Draft,
    { file, size_bytes: sizeBytes, sha256 }: ModelFile,
  ): Promise<ModelDraft['uploads'][number]> {
    const key = draftFileKey(id, file);
    const found = await this.store.head(key);
    const { url, headers } = await this.store.presignPut(key, {
      sizeBytes,
      contentType: MODEL_FILE_TYPE,
      expiresSeconds: lifeOfUrl(this.settings, expiresAt),
    });
    const hasArrived = found?.sizeBytes === sizeBytes;
    return { file, sizeBytes, sha256, hasArrived, method: 'PUT', url, headers: { ...headers } };
  }

  private async readOne(
    key: string,
    announced: ModelFile,
  ): Promise<Uint8Array<ArrayBuffer> | Found> {
    const leave = new AbortController();
    const content = await this.store.get(key, leave.signal).catch(absentIsNull);
    if (!content) return { foundBytes: null, foundSha256: null };
    if (content.sizeBytes !== announced.size_bytes) {
      leave.abort();
      return { foundBytes: content.sizeBytes, foundSha256: null };
    }
    const bytes = new Uint8Array(content.sizeBytes); // once: a version may be large
    let at = 0;
    for await (const chunk of content.stream) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const sha256 = sha256Of(bytes);
    return sha256 === announced.sha256 ? bytes : { foundBytes: bytes.length, foundSha256: sha256 };
  }
}

type Found = Omit<MissingModelFile, 'announced'>;

function absentIsNull(error: unknown): null {
  if (error instanceof ObjectNotFoundError) return null;
  throw error;
}
