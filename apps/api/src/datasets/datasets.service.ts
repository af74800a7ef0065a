import { Injectable } from '@nestjs/common';
import type {
  Dataset,
  DatasetDetail,
  ListDatasets,
  StorageUsage,
  ValidationStatus,
} from '#contracts';
import { pageOf } from '../http/cursor.js';
import { NotFoundError } from '../http/http.errors.js';
import { DatasetBusyError } from './datasets.errors.js';
import { DatasetsRepository } from './datasets.repository.js';

@Injectable()
export class DatasetsService {
  constructor(private readonly datasets: DatasetsRepository) {}

  async list(
    teamId: string,
    query: ListDatasets,
  ): Promise<{ items: Dataset[]; nextCursor: string | null }> {
    return pageOf(await this.datasets.listInTeam(teamId, query), query.limit);
  }

  async get(teamId: string, datasetId: string): Promise<DatasetDetail> {
    const dataset = await this.find(teamId, datasetId);
    return { ...dataset, items: await this.datasets.listFiles(teamId, datasetId) };
  }

  async delete(teamId: string, datasetId: string): Promise<void> {
    const deletion = await this.datasets.delete(teamId, datasetId);
    if (deletion.outcome === 'not-found') throw new NotFoundError('dataset', datasetId);
    if (deletion.outcome === 'busy') throw new DatasetBusyError(deletion.jobId);
  }

  async validation(teamId: string, datasetId: string): Promise<ValidationStatus> {
    const { status, validationJobId: jobId } = await this.find(teamId, datasetId);
    const progress = jobId === null ? null : await this.datasets.findProgress(teamId, jobId);
    const isJudged = status === 'valid' || status === 'invalid';
    return {
      datasetId,
      status,
      progress: isJudged ? 100 : (progress ?? 0),
      logs: jobId === null ? [] : await this.datasets.listLogs(teamId, jobId),
      files: await this.datasets.listFiles(teamId, datasetId),
    };
  }

  usage(teamId: string): Promise<StorageUsage> {
    return this.datasets.getUsage(teamId);
  }

  private async find(teamId: string, datasetId: string): Promise<Dataset> {
    const dataset = await this.datasets.findInTeam(teamId, datasetId);
    if (!dataset) throw new NotFoundError('dataset', datasetId);
    return dataset;
  }
}
