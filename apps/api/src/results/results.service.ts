import { Injectable } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  CandidateDetail,
  ChooseResults,
  Job,
  ListCandidates,
  PlotName,
  Results,
} from '#contracts';
import { Settings } from '#platform/config';
import { type ObjectContent, ObjectNotFoundError, ObjectStore } from '#platform/storage';
import { JobsService } from '../detections/jobs.service.js';
import { pageOf } from '../http/cursor.js';
import { NotFoundError } from '../http/http.errors.js';
import { ReportNotReadyError, StaleCursorError } from './results.errors.js';
import { ResultsRepository, type StoredCandidate } from './results.repository.js';

/** A report that was not written this long after its job is not worth waiting for. */
const REPORT_TAKES_SECONDS = 15;
const REPORT_LOOK_SECONDS = 0.25;

/** Rows of an export that are in memory at once. */
const EXPORT_BATCH = 500;

@Injectable()
export class ResultsService {
  constructor(
    private readonly jobs: JobsService,
    private readonly results: ResultsRepository,
    private readonly store: ObjectStore,
    private readonly settings: Settings,
  ) {}

  /** What a job has found: so far, while it runs. */
  async get(teamId: string, jobId: string, choice: ChooseResults): Promise<Results> {
    const { limit, cursor } = choice;
    const job = await this.jobs.get(teamId, jobId);
    if (cursor && !(await this.results.isOfJob(teamId, jobId, cursor)))
      throw new StaleCursorError();
    const [targets, found] = await Promise.all([
      this.results.listTargets(teamId, jobId, choice.target),
      this.results.listOfJob(teamId, jobId, choice, { limit: limit + 1, afterId: cursor }),
    ]);
    const shown = found.slice(0, limit);
    return {
      jobId,
      status: job.status,
      targets,
      candidates: await Promise.all(shown.map((candidate) => this.withUrls(candidate))),
      nextCursor: found.length > limit ? (shown.at(-1)?.candidateId ?? null) : null,
    };
  }

  async getCandidate(teamId: string, candidateId: string): Promise<CandidateDetail> {
    return this.withUrls(await this.stored(teamId, candidateId));
  }

  async listCandidates(teamId: string, query: ListCandidates) {
    const page = pageOf(await this.results.listInTeam(teamId, query), query.limit);
    const items = await Promise.all(page.items.map((candidate) => this.withUrls(candidate)));
    return { items, nextCursor: page.nextCursor };
  }

  /** All candidates of a job by target and rank, batch by batch. */
  async export(teamId: string, jobId: string): Promise<AsyncIterable<StoredCandidate>> {
    await this.jobs.get(teamId, jobId);
    return this.everyCandidate(teamId, jobId);
  }

  /**
   * The PDF of a whole job, or of one of its targets. A job's is written a moment after its end,
   * and is waited for.
   */
  async report(teamId: string, jobId: string, target?: string): Promise<ObjectContent> {
    const job = await this.jobs.get(teamId, jobId);
    if (target !== undefined) return this.targetReport(teamId, job, target);
    const endedAt = job.status === 'completed' && job.finishedAt ? job.finishedAt.getTime() : 0;
    const deadline = endedAt + REPORT_TAKES_SECONDS * 1000;
    for (;;) {
      const content = await this.open(await this.results.findReport(teamId, jobId));
      if (content) return content;
      if (Date.now() > deadline) throw new ReportNotReadyError('The job', job.status);
      await wait(REPORT_LOOK_SECONDS * 1000);
    }
  }

  async plot(
    teamId: string,
    candidateId: string,
    name: PlotName,
    extension: 'png' | 'svg',
  ): Promise<ObjectContent> {
    const { plotKeys } = await this.stored(teamId, candidateId);
    const key = plotKeys[name] ? `${plotKeys[name]}.${extension}` : null;
    const content = await this.open(key);
    if (!content) throw new NotFoundError(`${name} plot of candidate`, candidateId);
    return content;
  }

  private async targetReport(teamId: string, job: Job, target: string): Promise<ObjectContent> {
    const key = await this.results.findTargetReport(teamId, job.jobId, target);
    if (key === undefined) throw new NotFoundError('target', target);
    const content = await this.open(key);
    if (!content) throw new ReportNotReadyError(`Target ${target}`, job.status);
    return content;
  }

  /** null where there is no such object (any more). */
  private async open(key: string | null): Promise<ObjectContent | null> {
    if (key === null) return null;
    try {
      return await this.store.get(key);
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return null;
      throw error;
    }
  }

  private async stored(teamId: string, candidateId: string): Promise<StoredCandidate> {
    const candidate = await this.results.findInTeam(teamId, candidateId);
    if (!candidate) throw new NotFoundError('candidate', candidateId);
    return candidate;
  }

  private async *everyCandidate(teamId: string, jobId: string) {
    let afterId: string | undefined;
    for (;;) {
      const page = { limit: EXPORT_BATCH, afterId };
      const batch = await this.results.listOfJob(teamId, jobId, {}, page);
      yield* batch;
      if (batch.length < EXPORT_BATCH) return;
      afterId = batch[batch.length - 1].candidateId;
    }
  }

  private async withUrls(candidate: StoredCandidate): Promise<CandidateDetail> {
    const urls = await Promise.all(
      Object.entries(candidate.plotKeys).map(async ([name, key]) => [
        name,
        await this.store.presignGet(`${key}.png`, {
          expiresSeconds: this.settings.PRESIGN_GET_TTL_SECONDS,
          contentType: 'image/png',
        }),
      ]),
    );
    return { ...candidate, plots: Object.fromEntries(urls) as CandidateDetail['plots'] };
  }
}
