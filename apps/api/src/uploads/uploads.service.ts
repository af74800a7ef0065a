import { Injectable } from '@nestjs/common';
import type {
  CompleteUpload,
  StartUpload,
  UploadCompleted,
  UploadSession,
  UploadStarted,
} from '#contracts';
import { Settings } from '#platform/config';
import { InvalidRequestError, NotFoundError, type RequestFault } from '../http/http.errors.js';
import { ArrivalsService } from './arrivals.service.js';
import { OneAtATime } from './one-at-a-time.js';
import { partSizeFor } from './parts.js';
import { UploadMetrics } from './upload-metrics.js';
import { UploadTargetsService } from './upload-targets.service.js';
import { QuotaExceededError, UploadExpiredError, UploadIncompleteError } from './uploads.errors.js';
import {
  newId,
  type NewDataset,
  type NewFile,
  type Upload,
  UploadsRepository,
} from './uploads.repository.js';

@Injectable()
export class UploadsService {
  private readonly oneAtATime = new OneAtATime();

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly targets: UploadTargetsService,
    private readonly arrivals: ArrivalsService,
    private readonly metrics: UploadMetrics,
    private readonly settings: Settings,
  ) {}

  /** Reserves the storage and says where each file goes. */
  async start(teamId: string, request: StartUpload): Promise<UploadStarted> {
    this.refuseUnusable(request);
    const dataset = this.newDataset(teamId, request);
    const reservation = await this.uploads.reserve(dataset);
    if (reservation.outcome === 'full') {
      throw new QuotaExceededError(dataset.sizeBytes, reservation);
    }
    try {
      const files = dataset.files.map((file) => ({ ...file, multipartId: null }));
      return {
        datasetId: dataset.id,
        expiresAt: dataset.expiresAt,
        uploads: await this.targets.begin(files, dataset.expiresAt),
      };
    } catch (error) {
      await this.uploads.discard(dataset);
      throw error;
    }
  }

  /** What arrived, and fresh URLs for what did not. */
  async session(teamId: string, datasetId: string): Promise<UploadSession> {
    const upload = await this.get(teamId, datasetId);
    const { status, expiresAt } = upload;
    if (status !== 'pending_upload' || expiresAt === null) {
      const arrived = upload.files.map(arrivedFile);
      return { datasetId, status, expiresAt: null, arrived, uploads: [] };
    }
    const arrivals = await this.arrivals.look(upload.files);
    return {
      datasetId,
      status,
      expiresAt,
      arrived: arrivals.filter(({ isWhole }) => isWhole).map(({ file }) => arrivedFile(file)),
      uploads: await this.targets.resume(
        arrivals.filter(({ isWhole }) => !isWhole),
        expiresAt,
      ),
    };
  }

  /** Checks that every file is there and queues their validation; again: the same answer. */
  complete(
    teamId: string,
    request: CompleteUpload,
    requestId: string | null,
  ): Promise<UploadCompleted> {
    // The rows decide across processes; here two requests would only do the same work twice.
    return this.oneAtATime.run(request.datasetId, () =>
      this.completeNow(teamId, request, requestId),
    );
  }

  private async completeNow(
    teamId: string,
    request: CompleteUpload,
    requestId: string | null,
  ): Promise<UploadCompleted> {
    const { datasetId } = request;
    const upload = await this.get(teamId, datasetId);
    if (upload.validationJobId) {
      return { datasetId, status: 'validating', jobId: upload.validationJobId };
    }
    const arrivals = await this.arrivals.assemble(upload, request);
    const missing = arrivals.filter(({ isWhole }) => !isWhole);
    if (missing.length > 0) {
      throw new UploadIncompleteError(
        missing.map(({ file, found }) => ({
          fileId: file.id,
          filename: file.filename,
          sizeBytes: file.sizeBytes,
          foundBytes: found?.sizeBytes ?? null,
        })),
      );
    }
    const arrived = arrivals.map(({ file, found }) => ({ id: file.id, etag: found!.etag }));
    const completion = await this.uploads.complete(upload, arrived, requestId);
    if (completion.outcome === 'gone') throw new UploadExpiredError(datasetId);
    if (completion.outcome === 'begun') this.metrics.countCompleted(upload);
    return { datasetId, status: 'validating', jobId: completion.jobId };
  }

  /** An upload that is complete or may still be completed. */
  private async get(teamId: string, datasetId: string): Promise<Upload> {
    const upload = await this.uploads.findInTeam(teamId, datasetId);
    if (!upload) throw new NotFoundError('dataset', datasetId);
    const isLate = upload.expiresAt !== null && upload.expiresAt.getTime() <= Date.now();
    if (upload.status === 'expired' || isLate) throw new UploadExpiredError(datasetId);
    return upload;
  }

  private refuseUnusable({ files }: StartUpload): void {
    const { UPLOAD_MAX_BYTES: mostBytes, UPLOAD_MAX_FILES: mostFiles } = this.settings;
    const faults: RequestFault[] = [];
    if (files.length > mostFiles) {
      faults.push({ pointer: '#/files', detail: `Has more than ${mostFiles} files` });
    }
    const names = new Set<string>();
    files.forEach(({ filename, sizeBytes }, index) => {
      if (sizeBytes > mostBytes) {
        const detail = `Is more than the ${mostBytes} bytes of the largest file`;
        faults.push({ pointer: `#/files/${index}/size_bytes`, detail });
      }
      if (names.has(filename)) {
        faults.push({ pointer: `#/files/${index}/filename`, detail: 'Is there twice' });
      }
      names.add(filename);
    });
    if (faults.length > 0) throw new InvalidRequestError(faults);
  }

  private newDataset(teamId: string, { name, kind, files }: StartUpload): NewDataset {
    const id = newId();
    return {
      id,
      teamId,
      name,
      kind,
      sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      expiresAt: new Date(Date.now() + this.settings.UPLOAD_TTL_SECONDS * 1000),
      files: files.map((file) => this.newFile(`teams/${teamId}/datasets/${id}`, file)),
    };
  }

  private newFile(folder: string, file: StartUpload['files'][number]): NewFile {
    const id = newId();
    const { MULTIPART_THRESHOLD_BYTES: threshold, MULTIPART_PART_BYTES: usual } = this.settings;
    return {
      id,
      filename: file.filename,
      objectKey: `${folder}/${id}`,
      sizeBytes: file.sizeBytes,
      contentType: file.contentType,
      announcedSha256: file.sha256 ?? null,
      target: file.target ?? null,
      partSizeBytes: file.sizeBytes > threshold ? partSizeFor(file.sizeBytes, usual) : null,
    };
  }
}

const arrivedFile = ({ id, filename, sizeBytes }: Upload['files'][number]) => ({
  fileId: id,
  filename,
  sizeBytes,
});
