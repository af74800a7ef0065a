import { Injectable } from '@nestjs/common';
import {
  detectionParams,
  forTargets,
  fromWire,
  targetSummary,
  taskPayload,
  toWire,
} from '#contracts';
import { fittersOf, RUNTIME, Settings, VERSION } from '#platform/config';
import { type ClaimedTask, JobMetrics } from '#platform/jobs';
import { HelpWanted } from '../shards/help-wanted.js';
import { discardObjects } from '../tasks/discard-objects.js';
import { TaskError } from '../tasks/task-error.js';
import type { FinishedTask, TaskContext, TaskHandler } from '../tasks/task-handler.js';
import { ThreadPool } from '../tasks/thread-pool.js';
import type { DetectionInput, DetectionOutput } from '../threads/detection.thread.js';
import { attemptFolder } from './detection-keys.js';
import { DetectionPolicies } from './detection-policies.js';
import { DetectionRepository } from './detection.repository.js';
import { keysOfEarlierAttempts } from './earlier-attempts.js';
import { PipelineModels } from './pipeline-models.js';

const THREAD = new URL('../threads/detection.thread.js', import.meta.url);

/** One target: the whole pipeline, from its files to its report. */
@Injectable()
export class DetectionHandler implements TaskHandler {
  readonly kind = 'detection';

  constructor(
    private readonly results: DetectionRepository,
    private readonly threads: ThreadPool,
    private readonly helpWanted: HelpWanted,
    private readonly models: PipelineModels,
    private readonly policies: DetectionPolicies,
    private readonly metrics: JobMetrics,
    private readonly settings: Settings,
  ) {}

  async run(task: ClaimedTask, context: TaskContext): Promise<FinishedTask> {
    const { file_ids: fileIds } = taskPayload.detection.parse(task.payload);
    const files = await this.results.listFiles(task.teamId, fileIds);
    if (files.length < fileIds.length) {
      const gone = fileIds.length - files.length;
      throw new TaskError('usage', 'file_gone', `${gone} of the target's files were deleted.`);
    }
    const { settings } = this;
    const folder = attemptFolder(task.teamId, task.lease);
    // As they were given, with what was left out filled in.
    const params = forTargets(detectionParams.parse(task.params), 1);
    const input: DetectionInput = {
      files,
      target: task.target,
      params,
      search: fromWire(detectionParams, params) as DetectionInput['search'],
      folder,
      codeVersion: VERSION,
      runtime: RUNTIME,
      fitters: fittersOf(settings),
      models: await this.models.forTeam(task.teamId),
      policy: await this.policies.named(task.teamId, params.policy),
      mapSeconds: Math.min(settings.SENSITIVITY_SECONDS, settings.TASK_TIMEOUT / 2),
      splitSeconds: settings.SEARCH_SPLIT_SECONDS || null,
      limits: {
        maxBytes: settings.UPLOAD_MAX_BYTES,
        maxDecompressedBytes: settings.VALIDATION_MAX_DECOMPRESSED_BYTES,
        maxRows: settings.VALIDATION_MAX_ROWS,
      },
    };
    const help = this.helpWanted.forTask(task, folder);
    const found = await this.threads
      .run<DetectionInput, DetectionOutput>(THREAD, input, {
        signal: context.signal,
        note: (note, reply) => {
          if (note.type === 'round_over') help.over(note);
          else if (note.type !== 'round') context.note(note);
          else context.note({ type: 'object', key: help.begin(note, reply) });
        },
      })
      .finally(() => help.end());
    return {
      result: {
        ...(toWire(targetSummary.omit({ status: true, failure: true }), found.summary) as object),
        report_key: found.reportKey,
        report_model_key: found.reportModelKey,
      },
      write: async (client) => {
        await this.results.replaceCandidates(client, task, found.candidates);
        // They were deleted with their rounds, unless the store was away.
        await discardObjects(client, help.objectKeys);
        for (const { record } of found.candidates) {
          this.metrics.candidates.inc({ action: record.rlAction });
        }
      },
    };
  }

  leftovers(task: ClaimedTask): readonly string[] {
    const { max_planets: maxPlanets } = detectionParams.parse(task.params);
    return keysOfEarlierAttempts(task.teamId, task.lease, maxPlanets);
  }
}
