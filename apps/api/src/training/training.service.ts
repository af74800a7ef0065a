import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import {
  type StartTraining,
  toWire,
  type TrainingAccepted,
  trainingParams,
  type TrainingParams,
  type TrainingPayload,
} from '#contracts';
import { compareVersions } from '#inference';
import { Settings } from '#platform/config';
import type { NewJob } from '#platform/jobs';
import { RedisAnnouncer } from '#platform/realtime';
import { DatasetNotValidError, whyNotValid } from '../datasets/datasets.errors.js';
import type { Caller } from '../http/access.js';
import { InvalidRequestError, NotFoundError, type RequestFault } from '../http/http.errors.js';
import { pointerOf } from '../http/pointer.js';
import { PlatformModelError } from '../models/models.errors.js';
import { VersionExistsProblem } from '../models/registration.errors.js';
import { TableTooLargeError, VersionInTrainingError } from './training.errors.js';
import {
  type NamedModel,
  type TrainableDataset,
  TrainingRepository,
} from './training.repository.js';

type Wish = Omit<StartTraining, 'datasetId'>;
type Table = TrainableDataset['tables'][number];

@Injectable()
export class TrainingService {
  constructor(
    private readonly trainings: TrainingRepository,
    private readonly announcer: RedisAnnouncer,
    private readonly settings: Settings,
  ) {}

  /** Queues the training of a version on a table: one task. */
  async start(
    { teamId, userId }: Caller,
    { datasetId, ...wish }: StartTraining,
    requestId: string | null,
  ): Promise<TrainingAccepted> {
    const name = wish.name ?? nameFor(wish);
    const plan = (dataset: TrainableDataset, model: NamedModel): NewJob => {
      const table = this.onlyTable(dataset);
      refuseUnknownColumns(wish, table);
      const version = versionFor(name, wish.version, model);
      const description = wish.description ?? descriptionFor(wish, dataset);
      const params: TrainingParams = { ...wish, name, version, description };
      const payload: TrainingPayload = {
        file_id: table.fileId,
        dataset_name: dataset.name,
        requested_by: userId,
      };
      return {
        teamId,
        datasetId,
        type: 'training',
        params: toWire(trainingParams, params) as object,
        requestId,
        tasks: [{ target: `${name}@${version}`, payload }],
      };
    };
    const job = await this.trainings.createFromDataset(teamId, datasetId, name, plan);
    if (!job) throw new NotFoundError('dataset', datasetId);
    this.announcer.announce(job.jobId);
    return { jobId: job.jobId, status: 'queued', message: `${job.target} waits to be trained` };
  }

  private onlyTable({ kind, status, tables }: TrainableDataset): Table {
    const refuse = (why: string) => new DatasetNotValidError(why, status);
    if (status !== 'valid') throw refuse(whyNotValid(status));
    if (kind !== 'table') {
      throw refuse('The dataset is of light curves; a model learns from a table.');
    }
    if (tables.length !== 1) {
      throw refuse(`The dataset has ${tables.length} tables; a model learns from one.`);
    }
    const [table] = tables;
    const most = this.settings.TRAINING_MAX_CELLS;
    if (table.rows * table.columns.length > most) {
      throw new TableTooLargeError(table.rows, table.columns.length, most);
    }
    return table;
  }
}

const LISTED_COLUMNS = 20;

/** What cannot be learnt of the cells themselves is said by the task. */
function refuseUnknownColumns({ targetColumn, roles, encodings }: Wish, { columns }: Table): void {
  const known = new Set(columns);
  const named = [
    { path: ['target_column'], column: targetColumn },
    ...Object.keys(roles).map((column) => ({ path: ['roles', column], column })),
    ...Object.keys(encodings).map((column) => ({ path: ['encodings', column], column })),
  ];
  const more = columns.length > LISTED_COLUMNS ? ', ...' : '';
  const has = columns.slice(0, LISTED_COLUMNS).join(', ') + more;
  const faults = named
    .filter(({ column }) => !known.has(column))
    .map(({ path, column }): RequestFault => {
      const detail = `The table has no column "${column}"; it has ${has}`;
      return { pointer: pointerOf(path), detail };
    });
  if (faults.length > 0) throw new InvalidRequestError(faults);
}

/** The one that was asked for, or the next that nobody has. */
function versionFor(name: string, asked: string | undefined, model: NamedModel): string {
  if (model.isPlatforms) throw new PlatformModelError(name);
  if (asked !== undefined) {
    const there = model.versions.find(({ version }) => version === asked);
    if (there?.state === 'training') throw new VersionInTrainingError(`${name}@${asked}`);
    if (there) throw new VersionExistsProblem(name, asked, there.state === 'registered');
    return asked;
  }
  const highest = model.versions
    .map(({ version }) => version)
    .sort(compareVersions)
    .at(-1);
  if (highest === undefined) return '1.0.0';
  const [major, minor] = highest.split('.').map(Number);
  return `${major}.${minor + 1}.0`;
}

/** Like nobody else's. */
const nameFor = ({ modelConfig }: Wish) =>
  `${modelConfig.selectedModel.replaceAll('_', '-')}-${randomBytes(6).toString('hex')}`;

const descriptionFor = ({ taskType, targetColumn, modelConfig }: Wish, dataset: TrainableDataset) =>
  `A ${taskType} of ${targetColumn} by ${modelConfig.selectedModel.replaceAll('_', ' ')}, learnt from ${dataset.name}.`;
