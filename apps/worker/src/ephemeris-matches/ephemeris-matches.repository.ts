import { Injectable } from '@nestjs/common';
import { Database, storableJson } from '#platform/database';
import { EPHEMERIS_MATCH, type EphemerisCandidate, type EphemerisMatch } from '#transit';

@Injectable()
export class EphemerisMatchesRepository {
  constructor(private readonly database: Database) {}

  /** The periodic candidates of a detection that is done, by target and rank. */
  async listCandidates(jobId: string): Promise<EphemerisCandidate[]> {
    const { rows } = await this.database.pool.query<EphemerisCandidate>(
      `SELECT c.id, c.target, c.rank, c.period_days AS "periodDays", c.t0_bjd AS "t0Bjd",
              c.duration_hours AS "durationHours", c.depth_ppm AS "depthPpm",
              coalesce((t.result->>'baseline_days')::float8, 0) AS "baselineDays"
       FROM candidates c JOIN tasks t ON t.id = c.task_id JOIN jobs j ON j.id = c.job_id
       WHERE c.job_id = $1 AND j.type = 'detection' AND j.status = 'completed'
         AND c.period_days IS NOT NULL
       ORDER BY c.target, c.rank, c.id`,
      [jobId],
    );
    return rows;
  }

  /**
   * Adds the failed test to its candidate, in one statement, unless it is there already: however
   * often and by however many workers it is asked. Answers whether it was added.
   */
  async add({ id, test, action }: EphemerisMatch): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE candidates SET
         vetting = vetting || $2::jsonb,
         flags = flags || $3::jsonb,
         reasons = $4::jsonb || reasons,
         rl_action = CASE WHEN rl_action = 'reject' THEN 'reject' ELSE $5::text END
       WHERE id = $1 AND NOT vetting @> $6::jsonb`,
      [
        id,
        storableJson([test]),
        storableJson({ [EPHEMERIS_MATCH]: true }),
        storableJson([test.message]),
        action,
        storableJson([{ test: EPHEMERIS_MATCH }]),
      ],
    );
    return rowCount === 1;
  }
}
