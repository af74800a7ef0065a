/**
 * Joins the files of one target (quarters, campaigns, sectors) into one curve.
 *
 * Each file is divided by its own median: instruments, apertures and units differ between files, so
 * only changes within one are about the star. Where two files cover the same time only one of them
 * counts: the one with the shorter exposure, then the mission's own corrected flux (PDCSAP_FLUX),
 * then the one that was given first (`prepare` gives them in an order of their own). The other one loses the points inside the stretches that the
 * better file covers; a stretch ends at a gap of more than two days, longer than any data downlink,
 * so that two reductions are not interleaved there.
 */
import { Scratch } from '#kernels';
import { indicesWhere, valuesAt } from './indices.js';
import { median, medianInPlace, pointToPointScatter } from './robust.js';
import type { LightCurve, Segment } from './types.js';

/** Longest pause inside a stretch that a file still counts as covering. */
const LONGEST_PAUSE_DAYS = 2;
/** Two exposures count as equally long within this factor (29.4 and 30 minutes do). */
const SAME_EXPOSURE_FACTOR = 1.2;

/** Files that cannot be one curve. The message is a sentence for who sent them. */
export class CannotStitchError extends Error {
  override readonly name = 'CannotStitchError';
}

export interface Stitched {
  readonly curve: LightCurve;
  readonly warnings: readonly string[];
}

/**
 * @param segments in any order; their non-finite points are left out here.
 * @throws {CannotStitchError} where nothing is left, the targets differ, or one file's zero point
 *   of time is known and another's is not.
 */
export function stitch(segments: readonly Segment[]): Stitched {
  const scratch = new Scratch();
  const stitched = stitchIn(scratch, segments);
  scratch.free();
  return stitched;
}

/** @param scratch that the files' parts are taken of; nothing of the curve lies in it */
function stitchIn(scratch: Scratch, segments: readonly Segment[]): Stitched {
  const warnings: string[] = [];
  refuseDifferentTargets(segments, warnings);
  const timeOffsetDays = commonOffset(segments, warnings);

  const normalised = segments.map((segment, i) => normalise(segment, timeOffsetDays, i, scratch));
  segments.forEach((segment, i) => {
    if (normalised[i].timeDays.length === 0) {
      warnings.push(`${segment.label} has no usable point and was left out.`);
    } else if (!normalised[i].errorsGiven) {
      warnings.push(
        `${segment.label} has no flux errors; they were estimated from its point-to-point scatter.`,
      );
    }
  });
  const parts = withoutOverlaps(normalised, warnings);
  const total = parts.reduce((sum, part) => sum + part.timeDays.length, 0);
  if (total === 0) throw new CannotStitchError('None of the files has a usable point.');

  const ordered = parts.filter((part) => part.timeDays.length > 0);
  const all = (pick: (part: Part) => Float64Array) => joined(ordered.map(pick), total);
  const times = all((part) => part.timeDays);
  const order = inOrderOfTime(times);
  const take = (values: Float64Array) => (order ? valuesAt(values, order) : values);
  const segment = new Uint16Array(total);
  let filled = 0;
  for (const part of ordered) {
    segment.fill(part.index, filled, (filled += part.timeDays.length));
  }
  return {
    curve: {
      timeDays: take(times),
      flux: take(all((part) => part.flux)),
      fluxError: take(all((part) => part.fluxError)),
      segment: order ? Uint16Array.from(order, (i) => segment[i]) : segment,
      timeOffsetDays,
      exposureDays: Float64Array.from(segments, (segment) => segment.exposureDays),
    },
    warnings,
  };
}

/** One file, normalised, in the common time. */
interface Part {
  readonly index: number;
  readonly label: string;
  readonly exposureDays: number;
  readonly isMissionFlux: boolean;
  readonly errorsGiven: boolean;
  readonly timeDays: Float64Array;
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
}

function refuseDifferentTargets(segments: readonly Segment[], warnings: string[]): void {
  if (segments.length === 0) throw new CannotStitchError('There is no file to stitch.');
  const names = [...new Set(segments.flatMap(({ target }) => target?.trim().toUpperCase() || []))];
  const catalogue = (name: string) => /^[A-Z]+/.exec(name)?.[0] ?? name;
  for (const name of names.slice(1)) {
    if (catalogue(name) === catalogue(names[0])) {
      throw new CannotStitchError(`The files are of different targets: ${names.join(', ')}.`);
    }
  }
  if (names.length > 1) {
    warnings.push(`The files name their target differently: ${names.join(', ')}.`);
  }
}

/** The first known zero point; the others' times are shifted to it. */
function commonOffset(segments: readonly Segment[], warnings: string[]): number {
  const known = segments.find(({ timeOffsetDays }) => Number.isFinite(timeOffsetDays));
  const unknown = segments.find(({ timeOffsetDays }) => !Number.isFinite(timeOffsetDays));
  if (known && unknown) {
    throw new CannotStitchError(
      `${unknown.label} does not say from when its times count, ${known.label} does ` +
        `(${known.timeSystem}); they cannot be put on one time axis.`,
    );
  }
  if (!known) {
    warnings.push('The zero point of time is unknown; epochs are in the time of the file.');
    return NaN;
  }
  if (segments.some(({ timeSystem }) => timeSystem === 'MJD')) {
    warnings.push('Modified Julian dates were taken as barycentric (BJD - 2400000.5).');
  }
  return known.timeOffsetDays;
}

function normalise(
  segment: Segment,
  timeOffsetDays: number,
  index: number,
  scratch: Scratch,
): Part {
  const shift = Number.isFinite(timeOffsetDays) ? segment.timeOffsetDays - timeOffsetDays : 0;
  const kept = indicesWhere(
    segment.timeDays.length,
    (i) => Number.isFinite(segment.timeDays[i]) && Number.isFinite(segment.flux[i]),
  );
  const picked = (values: Float64Array) => valuesAt(values, kept, scratch.float64(kept.length));
  const timeDays = picked(segment.timeDays);
  const flux = picked(segment.flux);
  const level = scratch.during(() => medianInPlace(picked(segment.flux)));
  if (kept.length > 0 && !(level > 0)) {
    throw new CannotStitchError(
      `The flux of ${segment.label} has the median ${level}; a curve around 0 cannot be divided ` +
        'by its level. Give the flux before its mean was subtracted.',
    );
  }
  for (let k = 0; k < kept.length; k++) {
    timeDays[k] += shift;
    flux[k] /= level;
  }
  return {
    index,
    label: segment.label,
    exposureDays: segment.exposureDays,
    isMissionFlux: segment.fluxColumn === 'PDCSAP_FLUX',
    timeDays,
    flux,
    ...relativeErrors(segment, kept, level, flux, scratch),
  };
}

/** What is missing, or no number above 0, is as large as the others; all, as large as the scatter. */
function relativeErrors(
  { fluxError }: Segment,
  kept: Uint32Array,
  level: number,
  flux: Float64Array,
  scratch: Scratch,
): Pick<Part, 'fluxError' | 'errorsGiven'> {
  const errors = scratch.float64(kept.length).fill(NaN);
  let usable = 0;
  for (let k = 0; fluxError && k < kept.length; k++) {
    const error = fluxError[kept[k]] / level;
    if (!(error > 0 && error < Infinity)) continue;
    errors[k] = error;
    usable++;
  }
  const errorsGiven = usable > 0;
  if (usable < kept.length) {
    const given = errors.filter((error) => error > 0);
    const typical = errorsGiven ? median(given) : pointToPointScatter(flux);
    for (let k = 0; k < errors.length; k++) if (!(errors[k] > 0)) errors[k] = typical;
  }
  return { fluxError: errors, errorsGiven };
}

function withoutOverlaps(parts: readonly Part[], warnings: string[]): Part[] {
  const byPreference = [...parts].sort(
    (a, b) => compareExposures(a, b) || Number(b.isMissionFlux) - Number(a.isMissionFlux),
  );
  const covered: { from: number; to: number; label: string }[] = [];
  const kept: Part[] = [];
  for (const part of byPreference) {
    const rivals = new Set<string>();
    const free = (time: number) => {
      const rival = covered.find(({ from, to }) => time >= from && time <= to);
      if (rival) rivals.add(rival.label);
      return !rival;
    };
    const { timeDays } = part;
    const isAlone = !covered.some(
      ({ from, to }) => from <= timeDays[timeDays.length - 1] && to >= timeDays[0],
    );
    if (isAlone) {
      kept.push(part);
      covered.push(...coverage(part));
      continue;
    }
    const indices = indicesWhere(timeDays.length, (i) => free(timeDays[i]));
    const lost = timeDays.length - indices.length;
    if (lost > 0) {
      warnings.push(
        `${lost} of ${part.timeDays.length} points of ${part.label} were left out: ` +
          `${[...rivals].join(' and ')} covers the same time.`,
      );
    }
    kept.push({
      ...part,
      timeDays: valuesAt(timeDays, indices),
      flux: valuesAt(part.flux, indices),
      fluxError: valuesAt(part.fluxError, indices),
    });
    covered.push(...coverage(part));
  }
  return kept.sort((a, b) => a.index - b.index);
}

function compareExposures(a: Part, b: Part): number {
  const ratio = a.exposureDays / b.exposureDays;
  return ratio > SAME_EXPOSURE_FACTOR ? 1 : ratio < 1 / SAME_EXPOSURE_FACTOR ? -1 : 0;
}

function coverage({ timeDays, label, exposureDays }: Part) {
  const found: { from: number; to: number; label: string }[] = [];
  let from = 0;
  for (let i = 1; i <= timeDays.length; i++) {
    if (i < timeDays.length && timeDays[i] - timeDays[i - 1] <= LONGEST_PAUSE_DAYS) continue;
    const margin = exposureDays / 2;
    found.push({ from: timeDays[from] - margin, to: timeDays[i - 1] + margin, label });
    from = i;
  }
  return timeDays.length === 0 ? [] : found;
}

/**
 * Indices of the points in order of time, the earlier file first where two times are equal, of which only
 * it counts; null where they are in order as they are. O(N), and O(N log N) where files interlace.
 */
function inOrderOfTime(times: Float64Array): Uint32Array | null {
  if (!times.some((time, i) => i > 0 && !(time > times[i - 1]))) return null;
  const order = indicesWhere(times.length, () => true).sort((a, b) => times[a] - times[b] || a - b);
  return order.filter((i, k) => k === 0 || times[i] > times[order[k - 1]]);
}

function joined(parts: readonly Float64Array[], total: number): Float64Array {
  const all = new Float64Array(total);
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  return all;
}
