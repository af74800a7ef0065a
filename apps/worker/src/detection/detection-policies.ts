import { Injectable } from '@nestjs/common';
import type { LearntPolicy } from '#contracts';
import { readPolicy } from '#platform/policies';
import { TaskError } from '../tasks/task-error.js';
import { DetectionRepository } from './detection.repository.js';

/** A learnt policy as a search hands it to its thread. */
export interface SearchPolicy {
  readonly policy: LearntPolicy;
  readonly sha256: string;
}

/** The policy that a search was started with. */
@Injectable()
export class DetectionPolicies {
  constructor(private readonly results: DetectionRepository) {}

  /**
   * @param name of `params.policy`; null where the search is older than policies
   * @returns null: the thresholds decide
   * @throws {TaskError} where it is not there, or not what it was
   */
  async named(teamId: string, name: string | null): Promise<SearchPolicy | null> {
    if (name === null || name === 'thresholds') return null;
    const stored = await this.results.findPolicy(teamId, Number(name.replace('learnt-', '')));
    if (!stored) {
      throw new TaskError('usage', 'policy_unknown', `There is no policy ${name} in the team.`);
    }
    const { policy, sha256 } = readPolicy(JSON.parse(stored.body));
    if (sha256 !== stored.sha256) {
      throw new TaskError('fatal', 'policy_changed', `Policy ${name} is not what it was.`);
    }
    return { policy, sha256 };
  }
}
