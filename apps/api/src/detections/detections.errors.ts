import { HttpStatus } from '@nestjs/common';
import type { JobState, TaskState } from '#contracts';
import { ProblemError } from '../http/problem-error.js';

export class JobFinishedError extends ProblemError {
  constructor(jobId: string, status: JobState) {
    super({
      slug: 'job-finished',
      title: 'Job is over',
      status: HttpStatus.CONFLICT,
      detail: `Job ${jobId} is ${status}: there is nothing left to cancel.`,
      extensions: { job_status: status },
    });
  }
}

export class TaskNotReplayableError extends ProblemError {
  constructor(taskId: string, taskStatus: TaskState, jobStatus: JobState) {
    super({
      slug: 'task-not-replayable',
      title: 'Task cannot be replayed',
      status: HttpStatus.CONFLICT,
      detail:
        jobStatus === 'cancelled'
          ? `The job of task ${taskId} is cancelled: start a new one.`
          : `Task ${taskId} is ${taskStatus}; only a failed or parked one can be replayed.`,
      extensions: { task_status: taskStatus, job_status: jobStatus },
    });
  }
}
