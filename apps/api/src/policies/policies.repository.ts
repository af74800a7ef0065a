import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import {
  fromWire,
  type LearntPolicy,
  type PageQuery,
  policyEvaluation,
  type PolicyEvaluation,
  toWire,
} from '#contracts';
import { storableJson } from '#platform/database';
import { PrismaDatabase, type Prisma } from '#platform/prisma';
import { uuid7 } from '#platform/jobs';
import { frozenPolicy, readPolicy } from '#platform/policies';
import { CONTEXT_VERSION } from '#transit';
import { afterCursor, newestFirst } from '../http/cursor.js';
import type { DecidedCandidate } from './cases.js';

export interface StoredPolicy {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly policy: LearntPolicy;
  readonly evaluation: PolicyEvaluation;
  readonly madeBy: string;
  readonly createdAt: Date;
}

export interface PolicySwitch {
  readonly policyId: string | null;
  /** "thresholds" where there is no policy. */
  readonly name: string;
  readonly at: Date;
  readonly by: string;
}

const withMaker = { maker: { select: { email: true } } } as const;
type Row = Prisma.DecisionPolicyGetPayload<{ include: typeof withMaker }>;

@Injectable()
export class PoliciesRepository {
  constructor(private readonly database: PrismaDatabase) {}

  /** Candidates of the team, reviewed or not, the newest first, in batches: at most `limit`. */
  async *decidedInTeam(
    teamId: string,
    limit: number,
    batch: number,
  ): AsyncGenerator<readonly DecidedCandidate[]> {
    let last: { createdAt: Date; id: string } | undefined;
    for (let left = limit; left > 0; left -= batch) {
      const size = Math.min(batch, left);
      const { rows } = await this.database.pool.query<DecidedCandidate & NonNullable<typeof last>>(
        `SELECT c.id, c.created_at AS "createdAt", c.target, c.rl_action AS action,
                c.decided_by AS "decidedBy", c.period_days AS "periodDays", c.snr, c.sde,
                c.probability, c.false_alarm_probability AS "falseAlarmProbability",
                CASE WHEN c.decided_by->>'context_version' IS DISTINCT FROM $3 THEN (
                  SELECT jsonb_agg(jsonb_build_object(
                    'test', t->'test', 'value', t->'value', 'verdict', t->'verdict'))
                  FROM jsonb_array_elements(c.vetting) t) END AS vetting,
                c.fit->>'backend' AS "fitBackend", (c.fit->>'success')::bool AS "fitSucceeded",
                r.decision AS review, r.created_at AS "reviewedAt"
         FROM (SELECT * FROM candidates
               WHERE team_id = $1 AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))
               ORDER BY created_at DESC, id DESC LIMIT $2) c
         LEFT JOIN LATERAL (SELECT decision, created_at FROM reviews
                            WHERE candidate_id = c.id AND team_id = $1
                            ORDER BY created_at DESC, id DESC LIMIT 1) r ON true
         ORDER BY c.created_at DESC, c.id DESC`,
        [teamId, size, CONTEXT_VERSION, last?.createdAt ?? null, last?.id ?? null],
      );
      yield rows;
      last = rows.at(-1);
      if (rows.length < size) return;
    }
  }

  /** Gives it the team's next number, and stores what `freeze` makes of that. */
  create(
    teamId: string,
    userId: string,
    freeze: (number: number) => { policy: LearntPolicy; evaluation: PolicyEvaluation },
  ): Promise<number> {
    return this.database.inTransaction(async (client) => {
      await lockPolicies(client, teamId);
      const { rows } = await client.query<{ number: number }>(
        `SELECT coalesce(max(number), 0) + 1 AS number FROM decision_policies WHERE team_id = $1`,
        [teamId],
      );
      const [{ number }] = rows;
      const { policy, evaluation } = freeze(number);
      const { text, sha256 } = frozenPolicy(policy);
      await client.query(
        `INSERT INTO decision_policies
           (id, team_id, number, name, body, sha256, reviews, evaluation, made_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          uuid7(),
          teamId,
          number,
          policy.name,
          text,
          sha256,
          policy.reviews,
          storableJson(toWire(policyEvaluation, evaluation)),
          userId,
        ],
      );
      return number;
    });
  }

  async findInTeam(teamId: string, number: number): Promise<StoredPolicy | null> {
    const row = await this.database.decisionPolicy.findUnique({
      where: { teamId_number: { teamId, number } },
      include: withMaker,
    });
    return row && policyOf(row);
  }

  /** The newest first; one more than asked for where there are more. */
  async listInTeam(teamId: string, { limit, cursor }: PageQuery): Promise<StoredPolicy[]> {
    const rows = await this.database.decisionPolicy.findMany({
      where: { teamId, ...afterCursor(cursor) },
      include: withMaker,
      orderBy: newestFirst,
      take: limit + 1,
    });
    return rows.map(policyOf);
  }

  /** The newest first. */
  async listSwitches(teamId: string, limit: number): Promise<PolicySwitch[]> {
    const rows = await this.database.policySwitch.findMany({
      where: { teamId },
      orderBy: { id: 'desc' },
      take: limit,
      include: { policy: { select: { name: true } }, switcher: { select: { email: true } } },
    });
    return rows.map(({ policyId, policy, createdAt, switcher }) => ({
      policyId,
      name: policy?.name ?? 'thresholds',
      at: createdAt,
      by: switcher.email,
    }));
  }

  /** The learnt policy that decides now; null: the thresholds do. */
  async findActive(teamId: string): Promise<StoredPolicy | null> {
    const newest = await this.database.policySwitch.findFirst({
      where: { teamId },
      orderBy: { id: 'desc' },
      include: { policy: { include: withMaker } },
    });
    return newest?.policy ? policyOf(newest.policy) : null;
  }

  async wasActive(teamId: string, name: string): Promise<boolean> {
    return (await this.database.policySwitch.count({ where: { teamId, policy: { name } } })) > 0;
  }

  /**
   * Lets a policy decide, null the thresholds, unless another than `present` was switched to
   * meanwhile. Answers whether it does.
   */
  switchTo(
    teamId: string,
    userId: string,
    policyId: string | null,
    present: string | null,
  ): Promise<boolean> {
    return this.database.inTransaction(async (client) => {
      await lockPolicies(client, teamId);
      const { rows } = await client.query<{ policyId: string | null }>(
        `SELECT policy_id AS "policyId" FROM policy_switches
         WHERE team_id = $1 ORDER BY id DESC LIMIT 1`,
        [teamId],
      );
      if ((rows[0]?.policyId ?? null) !== present) return false;
      await client.query(
        'INSERT INTO policy_switches (team_id, policy_id, switched_by) VALUES ($1, $2, $3)',
        [teamId, policyId, userId],
      );
      return true;
    });
  }
}

/** Numbers and switches of a team are given one after the other. */
async function lockPolicies(client: PoolClient, teamId: string): Promise<void> {
  await client.query('SELECT 1 FROM teams WHERE id = $1 FOR NO KEY UPDATE', [teamId]);
}

function policyOf(row: Row): StoredPolicy {
  const { id, number, name, sha256, createdAt } = row;
  return {
    id,
    number,
    name,
    sha256,
    policy: readPolicy(JSON.parse(row.body)).policy,
    evaluation: fromWire(policyEvaluation, row.evaluation) as PolicyEvaluation,
    madeBy: row.maker.email,
    createdAt,
  };
}
