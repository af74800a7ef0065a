/**
 * Which candidates of two lists are the same signal. Pure.
 *
 * Two are the same where the periods agree to 1 % and the epochs to half a transit, and each is the
 * same as one other at most. Two single events are the same where their epochs agree; a single event
 * and a periodic signal never are, because nobody knows the period of the one.
 */
export interface Ephemeris {
  readonly target: string;
  /** null: a single event. */
  readonly periodDays: number | null;
  readonly t0Bjd: number;
  readonly durationHours: number;
}

export interface Match<A, B> {
  readonly a: A;
  readonly b: B;
  /** Relative to the mean of the two; null of two single events. */
  readonly periodDifference: number | null;
  readonly epochDifferenceHours: number;
}

export interface Matching<A, B> {
  readonly matched: Match<A, B>[];
  readonly onlyA: A[];
  readonly onlyB: B[];
}

const PERIOD_TOLERANCE = 0.01;

/**
 * The best pairs first, each candidate in one pair at most; ties go to the earlier candidates.
 * O(n·m) per target.
 */
export function matchCandidates<A extends Ephemeris, B extends Ephemeris>(
  listA: readonly A[],
  listB: readonly B[],
): Matching<A, B> {
  const byTarget = Map.groupBy(listB, ({ target }) => target);
  const pairs = listA.flatMap((a) =>
    (byTarget.get(a.target) ?? []).flatMap((b) => {
      const match = compare(a, b);
      return match ? [match] : [];
    }),
  );
  pairs.sort((one, other) => distance(one) - distance(other)); // stable: ties keep their order
  const takenA = new Set<A>();
  const takenB = new Set<B>();
  const best = new Map<A, Match<A, B>>();
  for (const pair of pairs) {
    if (takenA.has(pair.a) || takenB.has(pair.b)) continue;
    takenA.add(pair.a);
    takenB.add(pair.b);
    best.set(pair.a, pair);
  }
  return {
    matched: listA.flatMap((a) => best.get(a) ?? []),
    onlyA: listA.filter((a) => !takenA.has(a)),
    onlyB: listB.filter((b) => !takenB.has(b)),
  };
}

/** null where the two are different signals. */
export function compare<A extends Ephemeris, B extends Ephemeris>(a: A, b: B): Match<A, B> | null {
  if (a.target !== b.target) return null;
  const periodDifference = relativeDifference(a.periodDays, b.periodDays);
  if (!(periodDifference <= PERIOD_TOLERANCE)) return null;
  // A small error of the period grows with every orbit between the epochs, so that each period
  // propagates its own epoch, and the closer meeting counts.
  const gapDays = b.t0Bjd - a.t0Bjd;
  const apartDays = Math.min(
    fromNearestTransit(gapDays, a.periodDays),
    fromNearestTransit(gapDays, b.periodDays),
  );
  const epochDifferenceHours = apartDays * 24;
  if (!(epochDifferenceHours <= halfDurationHours(a, b))) return null;
  const isSingle = a.periodDays === null;
  return { a, b, periodDifference: isSingle ? null : periodDifference, epochDifferenceHours };
}

/** Infinite where one of the two has no period, 0 where neither has one. */
function relativeDifference(a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : Infinity;
  return Math.abs(a - b) / ((a + b) / 2);
}

const halfDurationHours = (a: Ephemeris, b: Ephemeris) =>
  Math.max(a.durationHours, b.durationHours) / 2;

const fromNearestTransit = (gapDays: number, periodDays: number | null) =>
  Math.abs(gapDays - (periodDays === null ? 0 : Math.round(gapDays / periodDays) * periodDays));

/** 0 for the same ephemeris, at most 2. */
function distance({ a, b, periodDifference, epochDifferenceHours }: Match<Ephemeris, Ephemeris>) {
  const half = halfDurationHours(a, b);
  return (periodDifference ?? 0) / PERIOD_TOLERANCE + (half > 0 ? epochDifferenceHours / half : 0);
}
