/**
 * A curve as the search sees it: dips upward, weights from measured noise.
 *
 * Error bars of files are often optimistic, or in another unit; so each file's are multiplied by
 * the one factor that makes their median equal to the scatter between neighbouring points. That
 * scatter has an error of its own, 3 % in a sector of half-hour points: as far as it explains the
 * difference, the errors given are left as they are.
 */
import { Scratch } from '#kernels';
import { valuesAt } from './indices.js';
import {
  medianInPlace,
  POINT_SCATTER_ERROR,
  pointToPointScatter,
  sampleOf,
  towardsOne,
} from './robust.js';
import { stretches } from './detrend.js';
import type { LightCurve } from './types.js';

export interface Points {
  /** (N,) strictly increasing. */
  readonly timeDays: Float64Array;
  /** (N,) 1 - flux: positive in a transit. */
  readonly dip: Float64Array;
  /** (N,) inverse variance of `dip`; 0 where masked. */
  readonly weight: Float64Array;
  /** How long each point was exposed, or binned over; left out where it does not matter. */
  readonly exposures?: {
    /** (N,) */
    readonly days: Float64Array;
    readonly longestDays: number;
  };
  /**
   * Of whitened points (whitening.ts): what Σ w·T² is multiplied by at a duration. Left out where the
   * noise is white: 1.
   */
  readonly gain?: (durationDays: number) => number;
}

/** Errors of a file that a typical one is taken of: they differ little. */
const MOST_ERRORS = 1024;

/** O(N). */
export function searchPoints(curve: LightCurve): Points {
  const { timeDays, flux, fluxError } = curve;
  const dip = new Float64Array(timeDays.length);
  for (let i = 0; i < dip.length; i++) dip[i] = 1 - flux[i];
  const weight = new Float64Array(timeDays.length);
  const scratch = new Scratch();
  for (const members of membersOfFiles(curve.segment)) {
    const picked = (values: Float64Array) =>
      valuesAt(values, members, scratch.float64(members.length));
    const ratio = scratch.during(() => {
      const typical = medianInPlace(sampleOf(picked(fluxError), MOST_ERRORS));
      return pointToPointScatter(picked(flux), scratch) / typical;
    });
    const factor =
      members.length > 2 ? towardsOne(ratio, POINT_SCATTER_ERROR / Math.sqrt(members.length)) : 1;
    for (let k = 0; k < members.length; k++) {
      const error = fluxError[members[k]] * factor;
      weight[members[k]] = 1 / (error * error);
    }
  }
  scratch.free();
  return { timeDays, dip, weight, exposures: exposuresOf(curve) };
}

function exposuresOf({ segment, exposureDays }: LightCurve): Points['exposures'] {
  const days = new Float64Array(segment.length);
  let longestDays = 0;
  for (let i = 0; i < days.length; i++) {
    days[i] = exposureDays[segment[i]];
    if (days[i] > longestDays) longestDays = days[i];
  }
  return { days, longestDays };
}

/** The indices of each file's points, in order of time. O(N + files). */
function membersOfFiles(segment: Uint16Array): Uint32Array[] {
  const counts: number[] = [];
  for (const file of segment) counts[file] = (counts[file] ?? 0) + 1;
  const members = Array.from(counts, (count) => new Uint32Array(count ?? 0));
  const filled = new Uint32Array(members.length);
  for (let i = 0; i < segment.length; i++) members[segment[i]][filled[segment[i]]++] = i;
  return members.filter(({ length }) => length > 0);
}

/** Weighted means of bins of one width, never across files or gaps. O(N). */
export function binPoints(curve: LightCurve, points: Points, widthDays: number): Points {
  const most = points.timeDays.length;
  const timeDays = new Float64Array(most);
  const dip = new Float64Array(most);
  const weight = new Float64Array(most);
  const exposures = new Float64Array(most);
  let bins = 0;
  for (const [from, to] of stretches(curve, widthDays)) {
    for (let i = from; i < to;) {
      const edge = points.timeDays[i] + widthDays;
      let sumTime = 0;
      let sumDip = 0;
      let sum = 0;
      const first = i;
      for (; i < to && points.timeDays[i] < edge; i++) {
        sumTime += points.weight[i] * points.timeDays[i];
        sumDip += points.weight[i] * points.dip[i];
        sum += points.weight[i];
      }
      if (!(sum > 0)) continue;
      timeDays[bins] = sumTime / sum;
      dip[bins] = sumDip / sum;
      weight[bins] = sum;
      const exposure = points.exposures ? points.exposures.days[first] : 0;
      exposures[bins] = i - first > 1 ? Math.max(widthDays, exposure) : exposure;
      bins++;
    }
  }
  return {
    timeDays: timeDays.slice(0, bins),
    dip: dip.slice(0, bins),
    weight: weight.slice(0, bins),
    exposures: {
      days: exposures.slice(0, bins),
      longestDays: Math.max(widthDays, points.exposures?.longestDays ?? 0),
    },
  };
}

/** Room for as many points: each array holds what was left in it. */
export function roomFor({ timeDays, exposures }: Points, scratch: Scratch): Points {
  const n = timeDays.length;
  return {
    timeDays: scratch.float64(n),
    dip: scratch.float64(n),
    weight: scratch.float64(n),
    exposures: exposures && { days: scratch.float64(n), longestDays: exposures.longestDays },
  };
}

/**
 * The points without those within `halfWidthDays` of a mid-time t0 + k · period. O(N).
 *
 * @param room that they are written to: of these points or more, which may lie in it themselves.
 *   @default fresh memory
 */
export function withoutTransits(
  points: Points,
  t0Days: number,
  periodDays: number,
  halfWidthDays: number,
  room = roomFor(points, new Scratch()),
): Points {
  const { timeDays, dip, weight, exposures } = points;
  const isPeriodic = Number.isFinite(periodDays);
  let count = 0;
  for (let i = 0; i < timeDays.length; i++) {
    const fromT0 = timeDays[i] - t0Days;
    const cycles = isPeriodic ? Math.floor(fromT0 / periodDays + 0.5) : 0;
    const distance = isPeriodic ? fromT0 - cycles * periodDays : fromT0;
    if (!(Math.abs(distance) > halfWidthDays)) continue;
    room.timeDays[count] = timeDays[i];
    room.dip[count] = dip[i];
    room.weight[count] = weight[i];
    if (exposures) room.exposures!.days[count] = exposures.days[i];
    count++;
  }
  return {
    timeDays: room.timeDays.subarray(0, count),
    dip: room.dip.subarray(0, count),
    weight: room.weight.subarray(0, count),
    exposures: exposures && { ...exposures, days: room.exposures!.days.subarray(0, count) },
    gain: points.gain,
  };
}
