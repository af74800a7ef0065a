import { Injectable } from '@nestjs/common';
import { CARD_FILE, type TrainingReport } from '#contracts';
import { modelFileKey, TrainedVersions } from '#platform/models';
import { type ObjectContent, ObjectNotFoundError, ObjectStore } from '#platform/storage';
import { NotFoundError } from '../http/http.errors.js';
import { ModelsService } from '../models/models.service.js';

/** What lies beside a version that was trained here. */
@Injectable()
export class TrainedVersionsService {
  constructor(
    private readonly models: ModelsService,
    private readonly trained: TrainedVersions,
    private readonly objects: ObjectStore,
  ) {}

  /** @param at a version or an alias, as in the others */
  async getReport(teamId: string, name: string, at: string): Promise<TrainingReport> {
    const versionId = await this.models.getVersionId(teamId, name, at);
    const report = await this.trained.findReport(versionId);
    if (!report) throw new NotFoundError('training report of model', `${name}@${at}`);
    return report;
  }

  async card(teamId: string, name: string, at: string): Promise<ObjectContent> {
    return this.object(teamId, name, at, CARD_FILE);
  }

  /** @param plot name and extension */
  async plot(teamId: string, name: string, at: string, plot: string): Promise<ObjectContent> {
    return this.object(teamId, name, at, plot);
  }

  private async object(teamId: string, name: string, at: string, file: string) {
    const versionId = await this.models.getVersionId(teamId, name, at);
    try {
      return await this.objects.get(modelFileKey(versionId, file));
    } catch (error) {
      if (!(error instanceof ObjectNotFoundError)) throw error;
      throw new NotFoundError(`${file} of model`, `${name}@${at}`);
    }
  }
}
