import { Injectable } from '@nestjs/common';
import { fromWire, taskPayload, trainingParams, type TrainingParams } from '#contracts';
import { Settings, VERSION } from '#platform/config';
import type { ClaimedTask } from '#platform/jobs';
import { modelFileKey, type Registration, TrainedVersions } from '#platform/models';
import { TaskError } from '../tasks/task-error.js';
import type { FinishedTask, TaskContext, TaskHandler } from '../tasks/task-handler.js';
import { ThreadPool } from '../tasks/thread-pool.js';
import type { TrainingInput, TrainingOutput } from '../threads/training.thread.js';
import { attemptVersionId, keysOfEarlierVersions } from './attempt-version.js';
import { TrainingRepository } from './training.repository.js';

const THREAD = new URL('../threads/training.thread.js', import.meta.url);

/** One table: from its bytes to a registered version of a model. */
@Injectable()
export class TrainingHandler implements TaskHandler {
  readonly kind = 'training';

  constructor(
    private readonly tables: TrainingRepository,
    private readonly versions: TrainedVersions,
    private readonly threads: ThreadPool,
    private readonly settings: Settings,
  ) {}

  async run(task: ClaimedTask, context: TaskContext): Promise<FinishedTask> {
    const payload = taskPayload.training.parse(task.payload);
    const params = fromWire(trainingParams, trainingParams.parse(task.params)) as TrainingParams;
    const file = await this.tables.findTable(task.teamId, payload.file_id);
    if (!file) throw new TaskError('usage', 'file_gone', 'The table was deleted meanwhile.');
    const { settings } = this;
    const { name, version, description, ...config } = params;
    const versionId = attemptVersionId(task.lease);
    const input: TrainingInput = {
      file,
      config,
      folder: modelFileKey(versionId, ''),
      limits: {
        maxBytes: settings.UPLOAD_MAX_BYTES,
        maxDecompressedBytes: settings.VALIDATION_MAX_DECOMPRESSED_BYTES,
        maxRows: settings.VALIDATION_MAX_ROWS,
      },
      facts: {
        name,
        version,
        description,
        datasetVersion: datasetVersion(payload.dataset_name, file.sha256),
        task: config.taskType,
        targetColumn: config.targetColumn,
        seed: config.seed,
        command: `POST /api/v1/train with the params of job ${task.lease.jobId}`,
        codeVersion: VERSION,
        finishedAt: new Date().toISOString(),
      },
    };
    const trained = await this.threads.run<TrainingInput, TrainingOutput>(THREAD, input, context);
    const { metadata, report } = trained;
    return {
      result: resultsOf(trained),
      write: async (client) => {
        const { teamId } = task;
        const { requested_by: requestedBy } = payload;
        const made = { id: versionId, teamId, metadata, report, requestedBy };
        const outcome = await this.versions.register(client, made);
        if (outcome !== 'registered') throw notRegistered(outcome, `${name}@${version}`);
      },
    };
  }

  leftovers(task: ClaimedTask): readonly string[] {
    return keysOfEarlierVersions(task.lease);
  }
}

const WHY_NOT: Readonly<Record<Exclude<Registration, 'registered'>, string>> = {
  taken: 'there is one of that name by now, and versions never change: train another one.',
  full: 'the storage of the team is full: delete datasets or drafts, and replay the task.',
};

const notRegistered = (outcome: Exclude<Registration, 'registered'>, reference: string) =>
  new TaskError(
    'usage',
    `version_${outcome}`,
    `${reference} was not registered: ${WHY_NOT[outcome]}`,
  );

/** As the last event of the job shows it. */
function resultsOf({ metadata, report }: TrainingOutput): object {
  const { name, version, input_schemas: schemas } = metadata;
  const { accuracy } = report.metrics;
  return {
    ...(accuracy === undefined ? {} : { accuracy }),
    model_path: `/api/v1/models/${name}/versions/${version}`,
    model: { name, version, sha256: schemas[0].model.sha256 },
    metrics: report.metrics,
    warnings: report.warnings,
  };
}

/** The same words, the same bytes; at most 200 characters. */
const datasetVersion = (name: string, sha256: string) => `${name.slice(0, 120)}, SHA-256 ${sha256}`;
