import type { Segment } from './types.js';

/**
 * The files of one target in an order of their own: by the time of their first point, then by what
 * else tells them apart. How a caller happened to list them then changes no byte of the result.
 *
 * Two files that agree in all of this hold the same points, so that their order does not matter.
 */
export function inOrder(segments: readonly Segment[]): readonly Segment[] {
  if (segments.length < 2) return segments;
  return segments
    .map((segment) => ({ segment, start: startOf(segment) }))
    .sort((a, b) => compare(a.start, b.start) || compareFiles(a.segment, b.segment))
    .map(({ segment }) => segment);
}

/** Time of the first finite point in days, with the zero point where it is known; Infinity: none. */
function startOf({ timeDays, timeOffsetDays }: Segment): number {
  const first = timeDays.find(Number.isFinite) ?? Infinity;
  return Number.isFinite(timeOffsetDays) ? first + timeOffsetDays : first;
}

function compareFiles(a: Segment, b: Segment): number {
  return (
    compare(a.exposureDays, b.exposureDays) ||
    compare(a.label, b.label) ||
    compare(a.fluxColumn, b.fluxColumn) ||
    compare(a.timeDays.length, b.timeDays.length) ||
    compareValues(a.flux, b.flux) ||
    compareValues(a.timeDays, b.timeDays) ||
    compareValues(a.fluxError ?? NOTHING, b.fluxError ?? NOTHING) ||
    compareValues(a.flagged ?? NOTHING, b.flagged ?? NOTHING) ||
    compare(JSON.stringify(a.star), JSON.stringify(b.star)) ||
    compare(a.target ?? '', b.target ?? '')
  );
}

const NOTHING = new Float64Array(0);

function compareValues(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return compare(a.length, b.length);
  for (let i = 0; i < a.length; i++) {
    const order = compare(a[i], b[i]) || compare(Number.isNaN(a[i]), Number.isNaN(b[i]));
    if (order !== 0) return order;
  }
  return 0;
}

/** By code unit, not by the customs of a language. */
const compare = <T extends number | string | boolean>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
