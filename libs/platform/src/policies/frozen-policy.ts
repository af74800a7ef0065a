/** Learnt policies as text with a checksum: whoever replays a search has to have the same one. */
import { createHash } from 'node:crypto';
import { fromWire, type LearntPolicy, learntPolicy, toWire } from '#contracts';

export interface FrozenPolicy {
  readonly policy: LearntPolicy;
  /** Canonical: the names in the contract's order, without spaces, numbers to their last digit. */
  readonly text: string;
  /** Of the text. */
  readonly sha256: string;
}

export const frozenPolicy = (policy: LearntPolicy): FrozenPolicy =>
  readPolicy(toWire(learntPolicy, policy));

/**
 * @param json in whatever order and layout it was written
 * @throws {z.ZodError} where it is no policy
 */
export function readPolicy(json: unknown): FrozenPolicy {
  const wire = learntPolicy.parse(json);
  const text = JSON.stringify(wire);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { policy: fromWire(learntPolicy, wire) as LearntPolicy, text, sha256 };
}
