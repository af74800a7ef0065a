import { Injectable } from '@nestjs/common';
import type { Comparison } from '#contracts';
import { JobsService } from '../detections/jobs.service.js';
import { type ComparedCandidate, ComparisonsRepository } from './comparisons.repository.js';
import { NothingToCompareError } from './comparisons.errors.js';
import { matchCandidates } from './match.js';
import { score, settleLabels } from './score.js';

@Injectable()
export class ComparisonsService {
  constructor(
    private readonly jobs: JobsService,
    private readonly comparisons: ComparisonsRepository,
  ) {}

  /** Two searches side by side, finished or not: other parameters, another model, another code. */
  async compare(teamId: string, jobA: string, jobB: string): Promise<Comparison> {
    for (const jobId of [jobA, jobB]) {
      const job = await this.jobs.get(teamId, jobId);
      if (job.type !== 'detection') throw new NothingToCompareError(jobId, job.type);
    }
    const [listA, listB, reviews] = await Promise.all([
      this.comparisons.listCandidates(teamId, jobA),
      this.comparisons.listCandidates(teamId, jobB),
      this.comparisons.listLabels(teamId, [jobA, jobB]),
    ]);
    const matching = matchCandidates(listA, listB);
    const labels = settleLabels(reviews);
    return {
      jobA,
      jobB,
      ...matching,
      counts: {
        a: listA.length,
        b: listB.length,
        matched: matching.matched.length,
        acceptedA: accepted(listA),
        acceptedB: accepted(listB),
      },
      labels:
        labels.length > 0
          ? { reviewed: labels.length, a: score(listA, labels), b: score(listB, labels) }
          : null,
    };
  }
}

const accepted = (candidates: readonly ComparedCandidate[]) =>
  candidates.filter(({ rlAction }) => rlAction === 'accept').length;
