/** Whether a table that could be read is a curve that can be searched; and its summary. */
import { Scratch } from '#kernels';
import { GAUSSIAN_PER_MAD, medianInPlace } from '../robust.js';
import type { Mission, Segment, Star, TimeSystem } from '../types.js';
import { canonicalName } from './columns.js';
import { type IssueLog, UnreadableError } from './issues.js';
import type { FileFormat, RawCurve } from './raw-curve.js';
import { isNotBarycentric, resolveTimeSystem, type ResolvedTime } from './time-system.js';

/** A box search needs a few points in and out of transit; below this nothing can be significant. */
const MIN_USABLE_POINTS = 50;
const NON_FINITE_WARNING = 0.3;
const NON_FINITE_ERROR = 0.95;
/** A pause that is counted as a gap; TESS pauses about a day per orbit. */
const GAP_DAYS = 0.5;
const LONG_GAP_DAYS = 30;
/** A step may be off a multiple of the cadence by this part of it. */
const STEP_TOLERANCE = 0.2;
const IRREGULAR_SHARE = 0.2;
const HIGHEST_USABLE_ERROR_SHARE = 0.5;

export interface FileSummary {
  readonly format: FileFormat;
  readonly gzip: boolean;
  readonly mission: Mission;
  readonly target: string | null;
  /** Rows of the table. */
  readonly points: number;
  /** Rows with finite time and flux that no quality flag advises against. */
  readonly usablePoints: number;
  /** First and last finite time; null where the zero point is unknown. */
  readonly timeStartBjd: number | null;
  readonly timeEndBjd: number | null;
  /** Median step; null with fewer than two times. */
  readonly cadenceMinutes: number | null;
  readonly timeSystem: TimeSystem;
  readonly fluxColumn: string;
  /** "Q3", "C3", "S27", or the file's name. */
  readonly label: string;
  /** Pauses of more than half a day between points with time and flux. */
  readonly gaps: { readonly count: number; readonly longestDays: number };
  /** Share of rows without time or flux, 0 to 1. */
  readonly nonFiniteShare: number;
  readonly star: Star;
}

export interface Assessment {
  readonly segment: Segment;
  readonly summary: FileSummary;
}

/** Adds what it finds to `log`. The segment is only to be used where that has no error. */
export function assess(raw: RawCurve, filename: string, gzip: boolean, log: IssueLog): Assessment {
  const scratch = new Scratch();
  const assessment = assessIn(scratch, raw, filename, gzip, log);
  scratch.free();
  return assessment;
}

function assessIn(
  scratch: Scratch,
  raw: RawCurve,
  filename: string,
  gzip: boolean,
  log: IssueLog,
): Assessment {
  const order = checkOrder(raw, log);
  const used = new Uint8Array(raw.time.length);
  for (let i = 0; i < used.length; i++) {
    if (Number.isFinite(raw.time[i]) && Number.isFinite(raw.flux[i])) used[i] = 1;
  }
  const steps = scratch.during(() => measureSteps(raw.time, used, scratch));
  checkAmount(raw, used, log);
  scratch.during(() => checkFlux(raw, used, scratch.float64(sum(used)), log));
  checkSteps(steps, log);
  const time = judgeTime(raw, order, steps.cadenceDays, log);
  const fluxError = usableErrors(raw, used, log);
  const label = raw.identity.label ?? baseName(filename);
  const cadenceDays = Number.isFinite(steps.cadenceDays) ? steps.cadenceDays : 0;
  return {
    segment: {
      target: raw.identity.target,
      mission: raw.identity.mission,
      label,
      timeSystem: time.system,
      timeOffsetDays: time.offsetDays,
      timeDays: time.shiftDays === 0 ? raw.time : raw.time.map((each) => each + time.shiftDays),
      flux: raw.flux,
      fluxError,
      flagged: raw.flagged,
      exposureDays: plausibleExposure(raw.exposureDays, cadenceDays),
      fluxColumn: raw.fluxColumn.name,
      star: raw.identity.star,
    },
    summary: {
      format: raw.format,
      gzip,
      mission: raw.identity.mission,
      target: raw.identity.target,
      points: raw.time.length,
      usablePoints: countUsable(used, raw.flagged),
      timeStartBjd: toBjd(order.min, time),
      timeEndBjd: toBjd(order.max, time),
      cadenceMinutes: cadenceDays > 0 ? cadenceDays * 1440 : null,
      timeSystem: time.system,
      fluxColumn: raw.fluxColumn.name,
      label,
      gaps: { count: steps.gaps, longestDays: steps.longestDays },
      nonFiniteShare: used.length === 0 ? 0 : (used.length - sum(used)) / used.length,
      star: raw.identity.star,
    },
  };
}

interface Order {
  readonly min: number;
  readonly max: number;
}

/** Finite times must increase from row to row. */
function checkOrder(raw: RawCurve, log: IssueLog): Order {
  let previous = -1;
  let min = Infinity;
  let max = -Infinity;
  const column = raw.timeColumn.name;
  for (let i = 0; i < raw.time.length; i++) {
    const time = raw.time[i];
    if (!Number.isFinite(time)) continue;
    min = Math.min(min, time);
    max = Math.max(max, time);
    if (previous >= 0 && time <= raw.time[previous]) {
      const before = rowOf(raw, previous);
      const same = time === raw.time[previous];
      log.addRepeating(
        same ? 'duplicate_times' : 'unsorted_times',
        () =>
          same
            ? `The time ${time} is also in row ${before}.`
            : `The time ${time} comes after ${raw.time[i === 0 ? 0 : previous]} of row ${before}.`,
        { row: rowOf(raw, i), column },
      );
    }
    previous = i;
  }
  return { min, max };
}

interface Steps {
  readonly cadenceDays: number;
  readonly gaps: number;
  readonly longestDays: number;
  readonly irregularShare: number;
}

/** Over rows with time; gaps over those with flux as well. */
function measureSteps(time: Float64Array, used: Uint8Array, scratch: Scratch): Steps {
  const steps = positiveSteps(time, scratch.float64(time.length));
  const ranked = scratch.float64(steps.length);
  ranked.set(steps);
  const cadenceDays = medianInPlace(ranked);
  const pauses = positiveSteps(time, scratch.float64(time.length), used);
  let gaps = 0;
  let longestDays = 0;
  for (const pause of pauses) {
    if (pause <= GAP_DAYS) continue;
    gaps++;
    longestDays = Math.max(longestDays, pause);
  }
  let irregular = 0;
  for (const step of steps) {
    const cadences = step / cadenceDays;
    if (step < GAP_DAYS && Math.abs(cadences - Math.round(cadences)) > STEP_TOLERANCE) irregular++;
  }
  const irregularShare = steps.length === 0 ? 0 : irregular / steps.length;
  return { cadenceDays, gaps, longestDays, irregularShare };
}

function checkSteps(steps: Steps, log: IssueLog): void {
  if (steps.longestDays > LONG_GAP_DAYS) {
    log.add(
      'long_gaps',
      `The longest of ${steps.gaps} gaps is ${steps.longestDays.toFixed(1)} days.`,
    );
  }
  if (steps.irregularShare > IRREGULAR_SHARE) {
    log.add(
      'cadence_irregular',
      `${percent(steps.irregularShare)} of the steps are no multiple of the median step of ` +
        `${(steps.cadenceDays * 1440).toFixed(2)} minutes.`,
    );
  }
}

function checkAmount(raw: RawCurve, used: Uint8Array, log: IssueLog): void {
  const points = used.length;
  const finite = sum(used);
  const share = points === 0 ? 0 : (points - finite) / points;
  if (share > NON_FINITE_WARNING) {
    log.add(
      'non_finite_share',
      `${percent(share)} of the ${points} rows lack a finite "${raw.timeColumn.name}" or ` +
        `"${raw.fluxColumn.name}".`,
      { severity: share > NON_FINITE_ERROR ? 'error' : 'warning', column: raw.fluxColumn.name },
    );
  }
  const usable = countUsable(used, raw.flagged);
  if (usable < MIN_USABLE_POINTS) {
    log.add(
      'too_few_points',
      `${usable} usable points of ${points} rows (${points - finite} not finite, ` +
        `${finite - usable} flagged); at least ${MIN_USABLE_POINTS} are needed.`,
    );
  }
}

/** @param flux room for the flux that is used */
function checkFlux(raw: RawCurve, used: Uint8Array, flux: Float64Array, log: IssueLog): void {
  let points = 0;
  let [least, most, nonPositive] = [Infinity, -Infinity, 0];
  for (let i = 0; i < used.length; i++) {
    if (used[i] === 0) continue;
    const value = raw.flux[i];
    flux[points++] = value;
    if (value < least) least = value;
    if (value > most) most = value;
    if (value <= 0) nonPositive++;
  }
  if (points < 2) return;
  const column = raw.fluxColumn.name;
  if (least === most) {
    log.add('constant_flux', `All ${points} values of "${column}" are ${least}.`, {
      column,
    });
    return;
  }
  const level = medianInPlace(flux);
  for (let i = 0; i < points; i++) flux[i] = Math.abs(flux[i] - level);
  const scatter = GAUSSIAN_PER_MAD * medianInPlace(flux);
  const share = nonPositive / points;
  if (level <= scatter && share > 0) {
    log.add(
      'flux_centred_on_zero',
      `The median of "${column}" is ${shorten(level)} with a scatter of ${shorten(scatter)}, and ` +
        `${percent(share)} of the values are not positive: these are deviations, not flux.`,
      { column },
    );
  } else if (share > 0) {
    log.add(
      'non_positive_flux',
      `${percent(share)} of the values of "${column}" are not positive.`,
      {
        column,
      },
    );
  }
}

function judgeTime(raw: RawCurve, order: Order, cadenceDays: number, log: IssueLog): ResolvedTime {
  const unknown: ResolvedTime = { system: 'relative', offsetDays: NaN, shiftDays: 0 };
  if (order.min > order.max) return unknown; // no finite time: reported as too few points
  const { name, unit } = raw.timeColumn;
  try {
    const resolved = resolveTimeSystem(
      {
        columnName: name,
        unit,
        headerOffsetDays: raw.headerOffsetDays,
        mission: raw.identity.mission,
        minDays: order.min,
        maxDays: order.max,
        cadenceDays,
      },
      log,
    );
    if (raw.headerOffsetDays === null && isNotBarycentric(canonicalName(name), unit)) {
      log.add(
        'time_not_barycentric',
        `Column "${name}" is not barycentric; transit times can be off by up to 8.3 minutes.`,
        { column: name },
      );
    }
    return resolved;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    log.addUnreadable(error);
    return unknown;
  }
}

/** Uncertainties are all or nothing: where most cannot be used, the scatter says more. */
function usableErrors(raw: RawCurve, used: Uint8Array, log: IssueLog): Float64Array | null {
  if (raw.fluxError === null) return null;
  const finite = sum(used);
  let good = 0;
  for (let i = 0; i < used.length; i++) if (used[i] === 1 && raw.fluxError[i] > 0) good++;
  if (finite === 0 || good / finite >= HIGHEST_USABLE_ERROR_SHARE) return raw.fluxError;
  log.add(
    'flux_error_unusable',
    `${finite - good} of ${finite} uncertainties are missing, zero or negative; none is used.`,
  );
  return null;
}

/** An exposure cannot outlast the cadence by more than rounding; where it seems to, the cadence it is. */
function plausibleExposure(exposureDays: number | null, cadenceDays: number): number {
  if (exposureDays === null || !(exposureDays > 0)) return cadenceDays;
  return cadenceDays > 0 && exposureDays > 1.05 * cadenceDays ? cadenceDays : exposureDays;
}

function rowOf(raw: RawCurve, index: number): number {
  return raw.lines === null ? index + 1 : raw.lines[index];
}

/** Differences of neighbours among the finite times, of those rows where there is a choice of rows. */
function positiveSteps(
  time: Float64Array,
  steps: Float64Array,
  rows: Uint8Array | null = null,
): Float64Array {
  let count = 0;
  let last = NaN;
  for (let i = 0; i < time.length; i++) {
    if (rows ? rows[i] === 0 : !Number.isFinite(time[i])) continue;
    if (time[i] > last) steps[count++] = time[i] - last;
    last = time[i];
  }
  return steps.subarray(0, count);
}

function countUsable(used: Uint8Array, flagged: Uint8Array | null): number {
  if (flagged === null) return sum(used);
  let count = 0;
  for (let i = 0; i < used.length; i++) if (used[i] === 1 && flagged[i] === 0) count++;
  return count;
}

function sum(flags: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < flags.length; i++) total += flags[i];
  return total;
}

function toBjd(days: number, time: ResolvedTime): number | null {
  const bjd = days + time.shiftDays + time.offsetDays;
  return Number.isFinite(bjd) ? bjd : null;
}

function percent(share: number): string {
  return share > 0 && share < 0.001 ? 'less than 0.1 %' : `${(share * 100).toFixed(1)} %`;
}

function shorten(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function baseName(filename: string): string {
  return filename.split(/[\\/]/).at(-1) ?? filename;
}
