import { Injectable } from '@nestjs/common';
import { taskPayload } from '#contracts';
import { Settings } from '#platform/config';
import { type ClaimedTask, JobMetrics } from '#platform/jobs';
import { TaskError } from '../tasks/task-error.js';
import type { FinishedTask, TaskContext, TaskHandler } from '../tasks/task-handler.js';
import { ThreadPool } from '../tasks/thread-pool.js';
import type { ValidationInput } from '../threads/validation.thread.js';
import { type FileVerdict, ValidationRepository } from './validation.repository.js';

const THREAD = new URL('../threads/validation.thread.js', import.meta.url);

/** One file of a dataset: is it what it says, and can it be used? */
@Injectable()
export class ValidationHandler implements TaskHandler {
  readonly kind = 'validation';

  constructor(
    private readonly files: ValidationRepository,
    private readonly threads: ThreadPool,
    private readonly metrics: JobMetrics,
    private readonly settings: Settings,
  ) {}

  async run(task: ClaimedTask, context: TaskContext): Promise<FinishedTask> {
    const { file_id: fileId } = taskPayload.validation.parse(task.payload);
    const file = await this.files.findInTeam(task.teamId, fileId);
    if (!file) throw new TaskError('usage', 'file_gone', 'The file was deleted meanwhile.');
    await this.files.markBegun(task.teamId, fileId);
    const { settings } = this;
    const input: ValidationInput = {
      file,
      limits: {
        maxBytes: settings.UPLOAD_MAX_BYTES,
        maxDecompressedBytes: settings.VALIDATION_MAX_DECOMPRESSED_BYTES,
        maxRows: settings.VALIDATION_MAX_ROWS,
      },
    };
    const observe = this.metrics.validationSeconds.startTimer();
    const verdict = await this.threads.run<ValidationInput, FileVerdict>(THREAD, input, context);
    observe();
    return {
      result: { file_id: fileId, status: verdict.status, issues: verdict.issues.length },
      write: (client) => this.files.writeVerdict(client, fileId, verdict),
    };
  }
}
