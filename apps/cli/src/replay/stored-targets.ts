import { z } from 'zod';
import { candidate, provenance, targetSummary } from '#contracts';
import { EPHEMERIS_MATCH } from '#transit';
import { CommandError } from '../output.js';

/** What was stored of one target, without what only the store knows. */
export interface StoredTarget {
  readonly target: string;
  readonly provenance: z.output<typeof provenance>;
  /** Target and candidates, as the wire shows them. */
  readonly stored: object;
  /** What fitted its candidates. */
  readonly fitters: readonly string[];
}

const storeOnly = { candidate_id: true, plots: true, reviews: true } as const;
const results = z.object({
  targets: z.array(targetSummary),
  candidates: z.array(candidate.omit(storeOnly)),
  next_cursor: z.string().nullish(),
});

/** @throws {CommandError} where it is no result, or none that can be made again. */
export function storedTargets(json: unknown, name: string): StoredTarget[] {
  const parsed = results.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new CommandError(`${name}: is not a result of Lightfold (${path.join('.')}: ${message})`);
  }
  const { targets, candidates, next_cursor: more } = parsed.data;
  if (more) throw new CommandError(`${name}: holds one page of several; ask with a larger limit`);
  const searched = targets.filter((target) => target.provenance !== null);
  if (searched.length === 0) throw new CommandError(`${name}: holds no target with a provenance`);
  return searched.map((target) => {
    const own = candidates.filter((each) => each.target === target.target);
    return {
      target: target.target,
      provenance: target.provenance!,
      stored: { target, candidates: own.map(ownEvidence) },
      fitters: [...new Set(own.flatMap(({ fit }) => fit?.backend ?? []))],
    };
  });
}

/**
 * Without what the job's other targets said of it (a match of ephemerides, added when all of them
 * were done): that is not a matter of this curve.
 */
function ownEvidence(stored: z.output<typeof results>['candidates'][number]) {
  const match = stored.vetting.find(({ test }) => test === EPHEMERIS_MATCH);
  if (!match) return stored;
  const flags = Object.entries(stored.flags).filter(([test]) => test !== EPHEMERIS_MATCH);
  return {
    ...stored,
    vetting: stored.vetting.filter((test) => test !== match),
    flags: Object.fromEntries(flags),
    reasons: stored.reasons.filter((reason) => reason !== match.message),
    rl_action: undefined, // the match may have changed it
  };
}
