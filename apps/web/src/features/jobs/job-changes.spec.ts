import { describe, expect, it } from 'vitest';
import type { Job, JobEvent } from '#contracts';
import { changedBy } from './job-changes.js';
import { paramsOf } from './search-params.js';

const aJob = (facts: Partial<Job> = {}): Job => ({
  jobId: 'job',
  type: 'detection',
  datasetId: null,
  status: 'running',
  progress: 10,
  stage: 'search',
  message: '',
  tasks: { total: 2, completed: 0, failed: 0 },
  params: {},
  createdAt: new Date(0),
  updatedAt: new Date(0),
  finishedAt: null,
  seq: 2,
  ...facts,
});

const progress: JobEvent = {
  type: 'progress',
  taskId: 'job',
  seq: 3,
  status: 'running',
  progress: 40,
  stage: 'fit',
  message: 'Fitted 1 of 2',
};

describe('a job on the page', () => {
  it('A.3 follows its progress events', () => {
    expect(changedBy(aJob(), progress)).toMatchObject({ progress: 40, stage: 'fit' });
  });

  it('is never undone by an event that comes late', () => {
    const finished = aJob({ status: 'completed', progress: 100 });
    expect(changedBy(finished, progress)).toBe(finished);
  });

  it('says why it failed', () => {
    const problem = { type: 'x', title: 'x', status: 500, detail: 'No file could be read.' };
    const failed: JobEvent = { type: 'failed', taskId: 'job', seq: 4, problem };
    expect(changedBy(aJob(), failed)).toMatchObject({
      status: 'failed',
      message: 'No file could be read.',
    });
  });

  it('sends only the settings that were filled in, numbers as numbers', () => {
    const form = new FormData();
    form.set('min_period_days', '0.7');
    form.set('max_period_days', '');
    form.set('detrend', 'median');
    expect(paramsOf(form)).toEqual({ min_period_days: 0.7, detrend: 'median' });
  });
});
