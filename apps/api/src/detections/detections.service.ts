import { Injectable } from '@nestjs/common';
import {
  type DetectionPayload,
  detectionParams,
  forTargets,
  type JobAccepted,
  type StartDetection,
  toWire,
} from '#contracts';
import { RedisAnnouncer } from '#platform/realtime';
import { DatasetNotValidError, whyNotValid } from '../datasets/datasets.errors.js';
import { NotFoundError } from '../http/http.errors.js';
import { PoliciesService } from '../policies/policies.service.js';
import { DetectionsRepository, type SearchableDataset } from './detections.repository.js';

@Injectable()
export class DetectionsService {
  constructor(
    private readonly detections: DetectionsRepository,
    private readonly policies: PoliciesService,
    private readonly announcer: RedisAnnouncer,
  ) {}

  /** Queues the search of a dataset, one task per target; the policy that decides is settled here. */
  async start(
    teamId: string,
    { datasetId, params }: StartDetection,
    requestId: string | null,
  ): Promise<JobAccepted> {
    const policy = await this.policies.nameFor(teamId, params.policy);
    const job = await this.detections.createFromDataset(teamId, datasetId, (dataset) => {
      refuseUnsearchable(dataset);
      const tasks = tasksPerTarget(dataset.files);
      return {
        teamId,
        datasetId,
        type: 'detection',
        params: toWire(detectionParams, {
          ...forTargets(params, tasks.length),
          policy,
        }) as object,
        requestId,
        tasks,
      };
    });
    if (!job) throw new NotFoundError('dataset', datasetId);
    this.announcer.announce(job.jobId);
    return { jobId: job.jobId, status: 'queued' };
  }
}

function refuseUnsearchable({ kind, status, files }: SearchableDataset): void {
  if (status !== 'valid') throw new DatasetNotValidError(whyNotValid(status), status);
  if (kind !== 'light_curve') {
    throw new DatasetNotValidError('The dataset is a table; a search needs light curves.', status);
  }
  if (files.length === 0) throw new DatasetNotValidError('The dataset has no files.', status);
}

/**
 * Files of one target are stitched. Targets are told apart as people do, without regard to case
 * and spacing; the first spelling names the task.
 */
export function tasksPerTarget(
  files: SearchableDataset['files'],
): { target: string; payload: DetectionPayload }[] {
  const tasks = new Map<string, { target: string; payload: DetectionPayload }>();
  for (const file of files) {
    const target = (file.target ?? withoutExtensions(file.filename)).trim().replace(/\s+/g, ' ');
    const key = target.toLowerCase();
    const task = tasks.get(key);
    if (task) task.payload.file_ids.push(file.id);
    else tasks.set(key, { target, payload: { file_ids: [file.id] } });
  }
  return [...tasks.values()];
}

/** `kplr011442793_llc.fits.gz` without `.fits.gz`. */
const withoutExtensions = (filename: string) =>
  filename.replace(/(\.(fits?|csv|tsv|txt|ecsv|dat))?(\.gz)?$/i, '') || filename;
