import { Injectable } from '@nestjs/common';
import {
  bytesOfVersion,
  type ModelDetail,
  type ModelDraft,
  type ModelVersionDetail,
} from '#contracts';
import { Settings } from '#platform/config';
import { type Draft, ModelDrafts } from '#platform/models';
import type { Caller } from '../http/access.js';
import { NotFoundError } from '../http/http.errors.js';
import { ApiServing } from '../predictions/api-serving.js';
import { OneAtATime } from '../uploads/one-at-a-time.js';
import { QuotaExceededError } from '../uploads/uploads.errors.js';
import { checkDraft } from './check-draft.js';
import { DraftFilesService } from './draft-files.service.js';
import { draftMetadata } from './draft-metadata.js';
import { ModelsService } from './models.service.js';
import {
  DraftExpiredError,
  ModelNameTakenError,
  VersionExistsProblem,
  VersionRefusedError,
} from './registration.errors.js';

type Named = { readonly name: string; readonly version: string };

/** Takes versions of a team's own models in. */
@Injectable()
export class RegistrationService {
  /** A team's checks wait for each other: each holds a version in memory, and nobody else waits. */
  private readonly checks = new OneAtATime();

  constructor(
    private readonly models: ModelsService,
    private readonly drafts: ModelDrafts,
    private readonly files: DraftFilesService,
    private readonly serving: ApiServing,
    private readonly settings: Settings,
  ) {}

  async createModel(teamId: string, name: string): Promise<ModelDetail> {
    const isAdded = await this.drafts.addModel(teamId, name);
    if (!isAdded) throw new ModelNameTakenError(name);
    return this.models.get(teamId, name);
  }

  /** Reserves the storage and says where each file goes. */
  async announce(
    { teamId, userId }: Caller,
    name: string,
    written: Readonly<Record<string, unknown>>,
  ): Promise<ModelDraft> {
    const { id: modelId } = await this.models.getOwn(teamId, name);
    const metadata = draftMetadata(written, { name }, this.mostBytes);
    const expiresAt = new Date(Date.now() + this.settings.UPLOAD_TTL_SECONDS * 1000);
    const announced = await this.drafts.announce({ teamId, modelId, metadata, expiresAt }, userId);
    switch (announced.outcome) {
      case 'exists':
        throw new VersionExistsProblem(name, metadata.version, announced.isRegistered);
      case 'full':
        throw new QuotaExceededError(bytesOfVersion(metadata), announced);
      case 'announced':
        return this.files.session(announced.draft);
    }
  }

  async session(teamId: string, named: Named): Promise<ModelDraft> {
    return this.files.session(await this.draft(teamId, named));
  }

  /** What was announced wrongly is announced anew; files that stay as they were need not be sent again. */
  async amend(
    teamId: string,
    named: Named,
    written: Readonly<Record<string, unknown>>,
  ): Promise<ModelDraft> {
    const draft = await this.draft(teamId, named);
    const metadata = draftMetadata(written, named, this.mostBytes);
    const amended = await this.drafts.amend(draft, metadata);
    switch (amended.outcome) {
      case 'gone':
        throw new NotFoundError('draft', `${named.name}@${named.version}`);
      case 'full':
        throw new QuotaExceededError(bytesOfVersion(metadata), amended);
      case 'amended':
        return this.files.session(amended.draft);
    }
  }

  async discard(teamId: string, named: Named): Promise<void> {
    const isDiscarded = await this.drafts.discard(await this.draft(teamId, named));
    if (!isDiscarded) throw new NotFoundError('draft', `${named.name}@${named.version}`);
  }

  /** Checks a draft as `lightfold models register` does, and registers it; again: the same answer. */
  async complete(caller: Caller, named: Named, note: string): Promise<ModelVersionDetail> {
    await this.checks.run(caller.teamId, () => this.completeNow(caller, named, note));
    this.serving.shelf.refresh(); // another process may have been the one
    return this.models.getVersion(caller.teamId, named.name, named.version);
  }

  private async completeNow(caller: Caller, named: Named, note: string): Promise<void> {
    const version = await this.version(caller.teamId, named);
    if (version.state === 'registered') return;
    const draft = this.refuseExpired(version.draft, named);
    const files = await this.files.read(draft);
    await checkDraft(draft.metadata, files, this.settings.MODEL_CHECK_SECONDS);
    const isRegistered = await this.drafts.register(draft, files, { userId: caller.userId, note });
    if (!isRegistered) await this.refuseUnlessRegistered(caller.teamId, named);
  }

  /** Whoever was faster has registered it, amended it or deleted it. */
  private async refuseUnlessRegistered(teamId: string, named: Named): Promise<void> {
    const version = await this.version(teamId, named);
    if (version.state === 'registered') return;
    this.refuseExpired(version.draft, named);
    throw new VersionRefusedError(`${named.name}@${named.version}`, [
      'It was amended while it was checked: complete it again.',
    ]);
  }

  /** A draft that may still be completed. */
  private async draft(teamId: string, named: Named): Promise<Draft> {
    const version = await this.version(teamId, named);
    if (version.state === 'registered') {
      throw new VersionExistsProblem(named.name, named.version, true);
    }
    return this.refuseExpired(version.draft, named);
  }

  private async version(teamId: string, { name, version }: Named) {
    const { id } = await this.models.getOwn(teamId, name);
    const found = await this.drafts.find(teamId, id, version);
    if (!found) throw new NotFoundError('version', `${name}@${version}`);
    return found;
  }

  private refuseExpired(draft: Draft, { name, version }: Named): Draft {
    if (draft.expiresAt.getTime() <= Date.now()) throw new DraftExpiredError(name, version);
    return draft;
  }

  private get mostBytes(): number {
    return this.settings.MODEL_MAX_BYTES;
  }
}
