import { HttpStatus } from '@nestjs/common';
import type { JobType } from '#contracts';
import { ProblemError } from '../http/problem-error.js';

export class NothingToCompareError extends ProblemError {
  constructor(jobId: string, type: JobType) {
    super({
      slug: 'nothing-to-compare',
      title: 'Job has no candidates',
      status: HttpStatus.CONFLICT,
      detail: `Job ${jobId} is a ${type}; only detections have candidates to compare.`,
      extensions: { job_type: type },
    });
  }
}
