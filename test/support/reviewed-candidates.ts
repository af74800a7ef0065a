/** What a team has decided on: many candidates at once, and what was said of them. */
import { randomUUID } from 'node:crypto';
import type { ReviewDecision } from '#contracts';
import type { PrismaDatabase } from '#platform/prisma';
import { aJob, aTask } from './rows.js';

export interface ReviewedCandidate {
  readonly target: string;
  readonly probability: number;
  readonly rlAction: 'accept' | 'reject' | 'human_review';
  /** null: nobody has looked. */
  readonly review: ReviewDecision | null;
}

const COVERED = {
  test: 'transit_coverage',
  value: 12,
  threshold: 3,
  verdict: 'pass',
  message: 'Enough transits.',
};

/** Of one finished job, in the order given; with three transits or more, and fitted. */
export async function reviewedCandidates(
  database: PrismaDatabase,
  { teamId, userId }: { readonly teamId: string; readonly userId: string },
  candidates: readonly ReviewedCandidate[],
): Promise<void> {
  const { id: jobId } = await aJob(database, { teamId, status: 'completed' });
  const { id: taskId } = await aTask(database, { teamId, jobId, status: 'completed' });
  const rows = candidates.map((candidate, i) => ({ ...candidate, rank: i + 1, id: randomUUID() }));
  await database.candidate.createMany({
    data: rows.map(({ id, target, rank, probability, rlAction }) => ({
      id,
      teamId,
      jobId,
      taskId,
      target,
      rank,
      periodDays: 10,
      t0Bjd: 2_455_000,
      depthPpm: 500,
      durationHours: 4,
      snr: 20,
      sde: 12,
      probability,
      rlAction,
      reasons: [],
      flags: {},
      fit: { backend: 'local', success: true },
      vetting: [COVERED],
      aliases: [],
      plots: {},
      provenance: {},
    })),
  });
  await database.review.createMany({
    data: rows.flatMap(({ id, review }) =>
      review ? [{ teamId, userId, candidateId: id, decision: review }] : [],
    ),
  });
}

/**
 * A team whose thresholds ask about everything, though the probability tells planets from the rest but
 * for one in a hundred. Four of five are reviewed.
 */
export function carefulTeam(candidates: number): ReviewedCandidate[] {
  return Array.from({ length: candidates }, (_, i) => {
    const looksLikePlanet = i % 3 === 0;
    const isPlanet = i % 100 === 99 ? !looksLikePlanet : looksLikePlanet;
    return {
      target: `KIC ${Math.floor(i / 2)}`,
      probability: looksLikePlanet ? 0.98 : 0.02,
      rlAction: 'human_review',
      review: i % 5 === 4 ? null : isPlanet ? 'planet' : 'false_positive',
    };
  });
}
