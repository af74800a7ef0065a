/** A policy that was learnt from a team that was made up. */
import { policyEvaluation, toWire } from '#contracts';
import type { PrismaDatabase } from '#platform/prisma';
import { type FrozenPolicy, frozenPolicy } from '#platform/policies';
import { learnPolicy, seededRandom } from '#transit';
import { aTeam } from '../../libs/transit/src/policy/team.fixture.js';

const learnt = learnPolicy(aTeam(seededRandom(1), 600), null);

export const aPolicy = (number = 1): FrozenPolicy =>
  frozenPolicy({ name: `learnt-${number}`, until: '2026-11-01T00:00:00.000Z', ...learnt.policy });

/** As the team's first; it decides nothing yet. */
export async function aStoredPolicy(
  database: PrismaDatabase,
  { teamId, userId }: { readonly teamId: string; readonly userId: string },
): Promise<FrozenPolicy> {
  const frozen = aPolicy();
  const { policy, text, sha256 } = frozen;
  await database.decisionPolicy.create({
    data: {
      teamId,
      number: 1,
      name: policy.name,
      body: text,
      sha256,
      reviews: policy.reviews,
      evaluation: toWire(policyEvaluation, {
        ...learnt.evaluation,
        against: 'thresholds',
      }) as object,
      madeBy: userId,
    },
  });
  return frozen;
}
