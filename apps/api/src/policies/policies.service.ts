import { Injectable } from '@nestjs/common';
import type { ActivePolicy, PageQuery, Policy, PolicyDetail } from '#contracts';
import { Logger } from '#platform/telemetry';
import { type Case, LEAST_REVIEWS, obstaclesToSwitch } from '#transit';
import type { Caller } from '../http/access.js';
import { pageOf } from '../http/cursor.js';
import { NotFoundError } from '../http/http.errors.js';
import { caseOf } from './cases.js';
import { PoliciesRepository, type StoredPolicy } from './policies.repository.js';
import { PolicyLearner } from './policy-learner.js';
import {
  PolicyNeverActiveError,
  PolicyNotBetterError,
  PolicySwitchedMeanwhileError,
  TooFewReviewsError,
} from './policies.errors.js';

const THRESHOLDS = 'thresholds';

/**
 * A policy is learnt from so many of the newest candidates, reviewed or not: a second of arithmetic, and
 * more reviews than a team writes in a year.
 */
const MOST_CANDIDATES = 20_000;
/** Candidates that are read at once. */
const BATCH = 1000;
/** Switches that are shown; people make them, a few a year. */
const MOST_SWITCHES = 100;

@Injectable()
export class PoliciesService {
  constructor(
    private readonly policies: PoliciesRepository,
    private readonly learner: PolicyLearner,
    private readonly logger: Logger,
  ) {}

  /** Makes the team's next policy of all that it has reviewed. It decides nothing yet. */
  async learn({ teamId, userId }: Caller): Promise<PolicyDetail> {
    const { cases, reviews, until } = await this.lessons(teamId);
    if (reviews < LEAST_REVIEWS) throw new TooFewReviewsError(reviews, LEAST_REVIEWS);
    const active = await this.policies.findActive(teamId);
    const { policy, evaluation } = await this.learner.learn({
      cases,
      active: active?.policy ?? null,
    });
    const number = await this.policies.create(teamId, userId, (next) => ({
      policy: { name: `learnt-${next}`, until: until.toISOString(), ...policy },
      evaluation: { ...evaluation, against: active?.name ?? THRESHOLDS },
    }));
    this.logger.info({ teamId, policy: `learnt-${number}` }, 'Policy learnt');
    return this.get(teamId, number);
  }

  async list(teamId: string, query: PageQuery) {
    const [rows, active] = await Promise.all([
      this.policies.listInTeam(teamId, query),
      this.activeName(teamId),
    ]);
    const { items, nextCursor } = pageOf(rows, query.limit);
    return { items: items.map((stored) => shown(stored, active)), nextCursor };
  }

  async get(teamId: string, number: number): Promise<PolicyDetail> {
    const stored = await this.find(teamId, number);
    return { ...shown(stored, await this.activeName(teamId)), body: stored.policy };
  }

  async active(teamId: string): Promise<ActivePolicy> {
    const history = await this.policies.listSwitches(teamId, MOST_SWITCHES);
    return {
      policy: history[0]?.name ?? THRESHOLDS,
      history: history.map(({ name, at, by }) => ({ policy: name, at, by })),
    };
  }

  /** @throws {PolicyNotBetterError} unless its evaluation speaks for it */
  async activate(caller: Caller, number: number): Promise<ActivePolicy> {
    const stored = await this.find(caller.teamId, number);
    const active = await this.policies.findActive(caller.teamId);
    if (active?.id === stored.id) return this.active(caller.teamId);
    const obstacles = obstaclesToSwitch(stored.evaluation, active?.name ?? THRESHOLDS);
    if (obstacles.length > 0) {
      throw new PolicyNotBetterError(stored.name, obstacles, stored.evaluation);
    }
    return this.switchTo(caller, stored, active);
  }

  /** Back to the thresholds, at any time. */
  async activateThresholds(caller: Caller): Promise<ActivePolicy> {
    const active = await this.policies.findActive(caller.teamId);
    return active ? this.switchTo(caller, null, active) : this.active(caller.teamId);
  }

  /**
   * Who decides in a search that is started now.
   *
   * @param asked null: whoever is active
   * @throws {PolicyNeverActiveError} where it was never found good enough
   */
  async nameFor(teamId: string, asked: string | null): Promise<string> {
    if (asked === null) return this.activeName(teamId);
    if (asked !== THRESHOLDS && !(await this.policies.wasActive(teamId, asked))) {
      throw new PolicyNeverActiveError(asked);
    }
    return asked;
  }

  /** The oldest first; read and made into cases by and by, for others are answered meanwhile. */
  private async lessons(teamId: string) {
    const cases: Case[] = [];
    let [reviews, until] = [0, new Date(0)];
    for await (const batch of this.policies.decidedInTeam(teamId, MOST_CANDIDATES, BATCH)) {
      for (const candidate of batch) {
        cases.push(caseOf(candidate));
        const { reviewedAt } = candidate;
        if (!reviewedAt) continue;
        reviews++;
        if (reviewedAt > until) until = reviewedAt;
      }
    }
    return { cases: cases.reverse(), reviews, until };
  }

  private async switchTo(
    caller: Caller,
    to: StoredPolicy | null,
    from: StoredPolicy | null,
  ): Promise<ActivePolicy> {
    const { teamId, userId } = caller;
    const isDone = await this.policies.switchTo(teamId, userId, to?.id ?? null, from?.id ?? null);
    if (!isDone) throw new PolicySwitchedMeanwhileError(from?.name ?? THRESHOLDS);
    this.logger.info({ teamId, policy: to?.name ?? THRESHOLDS }, 'Policy switched');
    return this.active(teamId);
  }

  private async find(teamId: string, number: number): Promise<StoredPolicy> {
    const stored = await this.policies.findInTeam(teamId, number);
    if (!stored) throw new NotFoundError('policy', String(number));
    return stored;
  }

  private async activeName(teamId: string): Promise<string> {
    return (await this.policies.findActive(teamId))?.name ?? THRESHOLDS;
  }
}

function shown(stored: StoredPolicy, active: string): Policy {
  const { number, name, sha256, evaluation, madeBy, createdAt } = stored;
  return { number, name, madeAt: createdAt, madeBy, sha256, isActive: name === active, evaluation };
}
