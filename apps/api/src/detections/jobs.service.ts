import { Injectable } from '@nestjs/common';
import {
  isFinal,
  type Job,
  type JobDetail,
  type ListJobs,
  type ListTasks,
  type Task,
  type WatchJob,
} from '#contracts';
import { JobsStore } from '#platform/jobs';
import { JobFeed } from '#platform/realtime';
import { pageOf } from '../http/cursor.js';
import { NotFoundError } from '../http/http.errors.js';
import { Drain } from '../health/drain.js';
import { JobFinishedError, TaskNotReplayableError } from './detections.errors.js';
import { JobsRepository, type Listed } from './jobs.repository.js';

export interface Page<T> {
  readonly items: Listed<T>[];
  readonly nextCursor: string | null;
}

@Injectable()
export class JobsService {
  constructor(
    private readonly jobs: JobsRepository,
    private readonly store: JobsStore,
    private readonly feed: JobFeed,
    private readonly drain: Drain,
  ) {}

  /** @throws {NotFoundError} */
  async get(teamId: string, jobId: string): Promise<Job> {
    const job = await this.jobs.findInTeam(teamId, jobId);
    if (!job) throw new NotFoundError('job', jobId);
    return job;
  }

  /** @throws {NotFoundError} */
  async getWithResults(teamId: string, jobId: string): Promise<JobDetail> {
    const job = await this.get(teamId, jobId);
    const results = job.status === 'completed' ? await this.jobs.findResults(teamId, jobId) : null;
    return { ...job, results };
  }

  /** Like `get`, but waits for news: an event after number `after`, or else the job's end. */
  async watch(teamId: string, jobId: string, { waitSeconds, after }: WatchJob): Promise<Job> {
    const job = await this.get(teamId, jobId);
    const hasNews = after === undefined ? job.finishedAt !== null : job.seq > after;
    if (waitSeconds === 0 || hasNews || job.finishedAt !== null) return job;
    await this.nextEvent(jobId, after ?? job.seq, after === undefined, waitSeconds);
    return this.get(teamId, jobId);
  }

  async list(teamId: string, query: ListJobs): Promise<Page<Job>> {
    return pageOf(await this.jobs.listInTeam(teamId, query), query.limit);
  }

  async cancel(teamId: string, jobId: string): Promise<Job> {
    const cancelled = await this.store.cancel(teamId, jobId);
    if (!cancelled) throw new NotFoundError('job', jobId);
    if (cancelled.outcome === 'finished') throw new JobFinishedError(jobId, cancelled.status);
    return this.get(teamId, jobId);
  }

  async listTasks(teamId: string, jobId: string, query: ListTasks): Promise<Page<Task>> {
    await this.get(teamId, jobId);
    return pageOf(await this.jobs.listTasksInTeam(teamId, jobId, query), query.limit);
  }

  /** @throws {NotFoundError} */
  async getTask(teamId: string, taskId: string): Promise<Task> {
    const task = await this.jobs.findTaskInTeam(teamId, taskId);
    if (!task) throw new NotFoundError('task', taskId);
    return task;
  }

  async replayTask(teamId: string, taskId: string): Promise<Task> {
    const replay = await this.store.replayTask(teamId, taskId);
    if (!replay) throw new NotFoundError('task', taskId);
    if (replay.outcome === 'refused') {
      throw new TaskNotReplayableError(taskId, replay.taskStatus, replay.jobStatus);
    }
    return this.getTask(teamId, taskId);
  }

  /** Resolves with the next event, or the last one, or when the time is up or the api stops. */
  private nextEvent(jobId: string, after: number, onlyFinal: boolean, seconds: number) {
    return new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stopWaiting();
        subscription.close();
        resolve();
      };
      const timer = setTimeout(done, seconds * 1000);
      const stopWaiting = this.drain.onBegin(done);
      const subscription = this.feed.watch(jobId, after, {
        receive: (event) => {
          if (!onlyFinal || isFinal(event)) done();
          return true;
        },
      });
    });
  }
}
