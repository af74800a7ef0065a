import { Injectable } from '@nestjs/common';
import {
  action,
  candidate as candidateContract,
  decidedBy,
  type DecidedBy,
  type ChooseResults,
  fromWire,
  type Candidate,
  type ListCandidates,
  targetSummary,
  taskFailure,
  type TargetSummary,
  type TaskFailure,
  type TaskState,
} from '#contracts';
import { type Candidate as CandidateRow, PrismaDatabase, type Prisma } from '#platform/prisma';
import { afterCursor, newestFirst } from '../http/cursor.js';
import { reviewOf, withReviewer } from '../reviews/reviews.repository.js';

/** A candidate as it is stored. */
export interface StoredCandidate extends Candidate {
  readonly id: string;
  readonly jobId: string;
  readonly createdAt: Date;
  /** Keys of the object store, without extension, by the plot's name. */
  readonly plotKeys: Readonly<Record<string, string>>;
}

const withReviews = { reviews: withReviewer } as const;
type RowWithReviews = Prisma.CandidateGetPayload<{ include: typeof withReviews }>;

@Injectable()
export class ResultsRepository {
  constructor(private readonly database: PrismaDatabase) {}

  async findInTeam(teamId: string, candidateId: string): Promise<StoredCandidate | null> {
    const row = await this.database.candidate.findFirst({
      where: { id: candidateId, teamId },
      include: withReviews,
    });
    return row && candidateOf(row);
  }

  /** Of a job, by target and rank, after the candidate named; up to `limit`. */
  async listOfJob(
    teamId: string,
    jobId: string,
    filter: Pick<ChooseResults, 'target' | 'rlAction' | 'minProbability'>,
    page: { limit: number; afterId?: string },
  ): Promise<StoredCandidate[]> {
    const rows = await this.database.candidate.findMany({
      where: { teamId, jobId, ...chosen(filter) },
      include: withReviews,
      orderBy: [{ target: 'asc' }, { rank: 'asc' }, { id: 'asc' }],
      take: page.limit,
      ...(page.afterId === undefined ? {} : { cursor: { id: page.afterId }, skip: 1 }),
    });
    return rows.map(candidateOf);
  }

  async isOfJob(teamId: string, jobId: string, candidateId: string): Promise<boolean> {
    return (await this.database.candidate.count({ where: { id: candidateId, teamId, jobId } })) > 0;
  }

  /** Of all jobs, the newest first; one more than asked for where there are more. */
  async listInTeam(teamId: string, query: ListCandidates): Promise<StoredCandidate[]> {
    const { jobId, reviewed, limit, cursor } = query;
    const rows = await this.database.candidate.findMany({
      where: {
        teamId,
        jobId,
        ...chosen(query),
        ...(reviewed === undefined ? {} : { reviews: reviewed ? { some: {} } : { none: {} } }),
        ...afterCursor(cursor),
      },
      include: withReviews,
      orderBy: newestFirst,
      take: limit + 1,
    });
    return rows.map(candidateOf);
  }

  /** What was found out about each target so far, by name. */
  async listTargets(teamId: string, jobId: string, target?: string): Promise<TargetSummary[]> {
    // Plain SQL: of 20,000 targets Prisma needs four times as long, on the event loop.
    const { rows } = await this.database.pool.query<{
      target: string;
      status: TaskState;
      failure: unknown;
      result: unknown;
    }>(
      `SELECT target, status, failure, result FROM tasks
       WHERE team_id = $1 AND job_id = $2 AND ($3::text IS NULL OR target = $3)
       ORDER BY target, id`,
      [teamId, jobId, target ?? null],
    );
    return rows.map(({ target, status, failure, result }) => ({
      ...EMPTY_SUMMARY,
      ...(fromWire(targetSummary, result) as TargetSummary | null),
      target,
      status,
      failure: fromWire(taskFailure, failure) as TaskFailure | null,
    }));
  }

  /** Key of the report of a job; where there is none, that of its only target's page. */
  async findReport(teamId: string, jobId: string): Promise<string | null> {
    const { rows } = await this.database.pool.query<{ key: string | null }>(
      `SELECT coalesce(j.report_key, CASE WHEN j.tasks_total = 1 THEN (
                SELECT t.result->>'report_key' FROM tasks t WHERE t.job_id = j.id LIMIT 1
              ) END) AS key
       FROM jobs j WHERE j.id = $1 AND j.team_id = $2`,
      [jobId, teamId],
    );
    return rows[0]?.key ?? null;
  }

  /** Key of the page of a target, null while it has none; undefined where there is no such target. */
  async findTargetReport(
    teamId: string,
    jobId: string,
    target: string,
  ): Promise<string | null | undefined> {
    const { rows } = await this.database.pool.query<{ key: string | null }>(
      `SELECT result->>'report_key' AS key FROM tasks
       WHERE job_id = $1 AND team_id = $2 AND target = $3 ORDER BY id LIMIT 1`,
      [jobId, teamId, target],
    );
    return rows[0]?.key;
  }
}

/** A target that nothing is known of yet. */
const EMPTY_SUMMARY: Omit<TargetSummary, 'target' | 'status' | 'failure'> = {
  mission: 'unknown',
  points: 0,
  baselineDays: 0,
  rmsPpm: 0,
  candidates: 0,
  detrending: null,
  sensitivity: null,
  provenance: null,
  warnings: [],
};

const chosen = ({
  target,
  rlAction,
  minProbability,
}: Pick<ChooseResults, 'target' | 'rlAction' | 'minProbability'>) => ({
  target,
  rlAction,
  probability: { gte: minProbability },
});

/** JSON columns hold what the wire shows. */
function candidateOf(row: RowWithReviews): StoredCandidate {
  const { shape } = candidateContract;
  const read = <T>(name: 'models' | 'fit' | 'vetting' | 'aliases' | 'provenance') =>
    fromWire(shape[name], row[name as keyof CandidateRow]) as T;
  return {
    id: row.id,
    candidateId: row.id,
    jobId: row.jobId,
    target: row.target,
    rank: row.rank,
    periodDays: row.periodDays,
    t0Bjd: row.t0Bjd,
    depthPpm: row.depthPpm,
    durationHours: row.durationHours,
    snr: row.snr,
    sde: row.sde,
    probability: row.probability,
    models: read<Candidate['models']>('models'),
    rlAction: action.parse(row.rlAction),
    reasons: row.reasons as string[],
    ...(row.decidedBy && { decidedBy: fromWire(decidedBy, row.decidedBy) as DecidedBy }),
    flags: row.flags as Record<string, boolean>,
    depthRetained: row.depthRetained,
    falseAlarmProbability: row.falseAlarmProbability,
    fit: read<Candidate['fit']>('fit'),
    vetting: read<Candidate['vetting']>('vetting'),
    aliases: read<Candidate['aliases']>('aliases'),
    provenance: read<Candidate['provenance']>('provenance'),
    plots: {}, // signed when it is shown
    plotKeys: row.plots as Record<string, string>,
    reviews: row.reviews.map(reviewOf),
    createdAt: row.createdAt,
  };
}
