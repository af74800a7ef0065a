import type { Job, JobEvent } from '#contracts';

const FINISHED = ['completed', 'failed', 'cancelled'];

export const isFinished = (status: string): boolean => FINISHED.includes(status);

/** What an event says of a job; an older event never undoes a finished job. */
export function changedBy(known: Job, event: JobEvent): Job {
  if (isFinished(known.status)) return known;
  switch (event.type) {
    case 'progress':
      return {
        ...known,
        status: event.status,
        progress: event.progress,
        stage: event.stage,
        message: event.message,
      };
    case 'complete':
      return { ...known, status: 'completed', progress: 100 };
    case 'failed':
      return { ...known, status: 'failed', message: event.problem.detail };
  }
}
