import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '../http/problem-error.js';

export class DatasetBusyError extends ProblemError {
  constructor(jobId: string) {
    super({
      slug: 'dataset-busy',
      title: 'Dataset is in use',
      status: HttpStatus.CONFLICT,
      detail: `Job ${jobId} still works on this dataset; cancel it or wait until it has ended.`,
      extensions: { job_id: jobId },
    });
  }
}
