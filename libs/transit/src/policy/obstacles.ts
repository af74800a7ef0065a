/** What stands against letting a learnt policy decide. */
import type { PolicyEvaluation } from '#contracts';

/**
 * Reviews that say planet or false positive. With as many, 95 of 100 intervals of simulated teams held
 * the truth (learn-policy.spec.ts); where one accept of 60 is wrong, too rare to be seen in so few, 89 did.
 */
export const ENOUGH_REVIEWS = 400;
/** Of each of the two: whoever has seen no planet learns that there are none. */
export const ENOUGH_OF_EACH = 20;

/** Sentences, with their numbers; empty: it may be switched on. */
export function obstaclesToSwitch(
  { reviews, difference, against }: PolicyEvaluation,
  active: string,
): string[] {
  const { planet, falsePositive } = reviews;
  const obstacles: string[] = [];
  if (against !== active) {
    obstacles.push(
      `It was compared with ${against}, but ${active} decides now: learn again to compare with that.`,
    );
  }
  if (planet + falsePositive < ENOUGH_REVIEWS) {
    obstacles.push(
      `${planet + falsePositive} reviews say planet or false positive; ${ENOUGH_REVIEWS} are needed.`,
    );
  }
  if (planet < ENOUGH_OF_EACH || falsePositive < ENOUGH_OF_EACH) {
    obstacles.push(
      `${planet} reviews say planet and ${falsePositive} false positive; ${ENOUGH_OF_EACH} of each are needed.`,
    );
  }
  if (!(difference.low > 0)) {
    const { value, low, high } = difference;
    obstacles.push(
      `A candidate is worth ${value.toFixed(3)} more than with ${against}, between ${low.toFixed(3)} and ${high.toFixed(3)}: the lower bound must be above 0.`,
    );
  }
  return obstacles;
}
