import { Injectable } from '@nestjs/common';
import type { Action } from '#contracts';
import { Database } from '#platform/database';
import type { LabelledSignal } from './score.js';

export interface ComparedCandidate {
  readonly candidateId: string;
  readonly target: string;
  readonly periodDays: number | null;
  readonly t0Bjd: number;
  readonly depthPpm: number;
  readonly durationHours: number;
  readonly snr: number;
  readonly probability: number;
  readonly rlAction: Action;
}

@Injectable()
export class ComparisonsRepository {
  constructor(private readonly database: Database) {}

  /** By target and rank. */
  async listCandidates(teamId: string, jobId: string): Promise<ComparedCandidate[]> {
    const { rows } = await this.database.pool.query<ComparedCandidate>(
      `SELECT id AS "candidateId", target, period_days AS "periodDays", t0_bjd AS "t0Bjd",
              depth_ppm AS "depthPpm", duration_hours AS "durationHours", snr, probability,
              rl_action AS "rlAction"
       FROM candidates WHERE team_id = $1 AND job_id = $2 ORDER BY target, rank, id`,
      [teamId, jobId],
    );
    return rows;
  }

  /**
   * What the team has decided about signals of the targets that both jobs searched, in whatever
   * job it was found; the last word on each candidate, and none where that is "unsure".
   */
  async listLabels(teamId: string, jobIds: readonly [string, string]): Promise<LabelledSignal[]> {
    const { rows } = await this.database.pool.query<LabelledSignal>(
      `WITH both_searched AS (
         SELECT target FROM tasks WHERE team_id = $1 AND job_id = $2
         INTERSECT SELECT target FROM tasks WHERE team_id = $1 AND job_id = $3
       ), last_words AS (
         SELECT DISTINCT ON (r.candidate_id) r.candidate_id, r.decision, r.created_at
         FROM reviews r JOIN candidates c ON c.id = r.candidate_id
         WHERE r.team_id = $1 AND c.target IN (SELECT target FROM both_searched)
         ORDER BY r.candidate_id, r.created_at DESC, r.id DESC
       )
       SELECT c.target, c.period_days AS "periodDays", c.t0_bjd AS "t0Bjd",
              c.duration_hours AS "durationHours", w.decision = 'planet' AS "isPlanet",
              w.created_at AS "decidedAt"
       FROM last_words w JOIN candidates c ON c.id = w.candidate_id
       WHERE w.decision IN ('planet', 'false_positive')
       ORDER BY w.created_at DESC, c.id`,
      [teamId, ...jobIds],
    );
    return rows;
  }
}
