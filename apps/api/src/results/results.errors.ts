import { HttpStatus } from '@nestjs/common';
import type { JobState } from '#contracts';
import { ProblemError } from '../http/problem-error.js';

const ENDED_WITHOUT: readonly JobState[] = ['failed', 'cancelled'];

export class ReportNotReadyError extends ProblemError {
  constructor(what: string, jobStatus: JobState) {
    super({
      slug: 'report-not-ready',
      title: 'Report is not written',
      status: HttpStatus.CONFLICT,
      detail: ENDED_WITHOUT.includes(jobStatus)
        ? `${what} has no report, because the job is ${jobStatus}.`
        : `${what} has no report yet: it is written when the search is done.`,
      extensions: { job_status: jobStatus },
      headers: ENDED_WITHOUT.includes(jobStatus) ? {} : { 'Retry-After': '5' },
    });
  }
}

export class NoEmbeddingError extends ProblemError {
  constructor(candidateId: string) {
    super({
      slug: 'no-embedding',
      title: 'Candidate has no embedding',
      status: HttpStatus.CONFLICT,
      detail: `No network has seen candidate ${candidateId}: search its target again.`,
    });
  }
}

export class StaleCursorError extends ProblemError {
  constructor() {
    super({
      slug: 'stale-cursor',
      title: 'List has changed',
      status: HttpStatus.CONFLICT,
      detail: 'The candidate at which the page before ended is gone: read from the start.',
    });
  }
}
