import { HttpStatus } from '@nestjs/common';
import type { JobState } from '#contracts';
import { ProblemError } from '../http/problem-error.js';

export class ReportNotReadyError extends ProblemError {
  constructor(what: string, jobStatus: JobState) {
    super({
      slug: 'report-not-ready',
      title: 'Report is not written',
      status: HttpStatus.CONFLICT,
      detail:
        jobStatus === 'queued' || jobStatus === 'running'
          ? `${what} has no report yet: it is written when the search is done.`
          : `${what} has no report, because the job is ${jobStatus}.`,
      extensions: { job_status: jobStatus },
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
