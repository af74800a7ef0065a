import { HttpStatus } from '@nestjs/common';
import type { DatasetStatus } from '#contracts';
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

/** Nothing can be searched or learnt of it. */
export class DatasetNotValidError extends ProblemError {
  constructor(why: string, datasetStatus: DatasetStatus) {
    super({
      slug: 'dataset-not-valid',
      title: 'Dataset cannot be used',
      status: HttpStatus.CONFLICT,
      detail: why,
      extensions: { dataset_status: datasetStatus },
    });
  }
}

const WHY_NOT: Readonly<Record<Exclude<DatasetStatus, 'valid'>, string>> = {
  pending_upload: 'The upload is not complete: send the files and call /api/v1/upload/complete.',
  validating: 'The dataset is still being validated: wait for its validation to end.',
  invalid: 'The validation found errors: GET /api/v1/validation/{dataset_id}/status lists them.',
  expired: 'The upload was not finished in time and is gone: upload it again.',
};

export const whyNotValid = (status: Exclude<DatasetStatus, 'valid'>): string => WHY_NOT[status];
