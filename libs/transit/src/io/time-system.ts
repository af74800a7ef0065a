/**
 * Which zero point a file's times have: from its header, from the column's name or unit, or else from
 * the values. When each mission observed:
 *
 * | mission | in BKJD (BJD - 2454833) | in BTJD (BJD - 2457000) | source |
 * | --- | --- | --- | --- |
 * | Kepler Q0-Q17 | 120 to 1592 | | Kepler Data Characteristics Handbook |
 * | K2 E2, C0-C19 | 1860 to 3560 | | K2 Handbook |
 * | TESS S1 on | | 1325, still observing; 5000 is August 2028 | TESS data release notes |
 *
 * Where both read alike, the cadence decides: Kepler's are 29.4244 min and 58.85 s, those of TESS
 * 20, 120, 200, 600 and 1800 s.
 */
import type { Mission, TimeSystem } from '../types.js';
import { UnreadableError, type IssueLog } from './issues.js';

export const TIME_OFFSETS: Readonly<Record<Exclude<TimeSystem, 'relative'>, number>> = {
  BJD: 0,
  BKJD: 2_454_833,
  BTJD: 2_457_000,
  MJD: 2_400_000.5,
  'JD-2450000': 2_450_000,
};

export interface TimeEvidence {
  readonly columnName: string;
  readonly unit: string | null;
  /** What the header adds to the column (BJDREFI + BJDREFF), or null where it says nothing. */
  readonly headerOffsetDays: number | null;
  readonly mission: Mission;
  /** Over the finite times. */
  readonly minDays: number;
  readonly maxDays: number;
  readonly cadenceDays: number;
}

export interface ResolvedTime {
  readonly system: TimeSystem;
  /** BJD = time + shift + offset. NaN where unknown. */
  readonly offsetDays: number;
  /** To add to every time, 0 unless the header's zero point is none of the usual ones. */
  readonly shiftDays: number;
}

/** Julian dates of 1968 and 2077: no light curve in digital form lies outside. */
const EARLIEST_JD = 2_440_000;
const LATEST_JD = 2_480_000;

/**
 * @throws {UnreadableError} unit_unclear, time_system_contradiction. Doubts go to `log`.
 */
export function resolveTimeSystem(evidence: TimeEvidence, log: IssueLog): ResolvedTime {
  refuseOtherUnits(evidence);
  const stated = statedOffset(evidence);
  if (stated !== null) {
    if (isPlausible(evidence, stated)) return withOffset(stated);
    if (!isBareJulianDate(evidence)) refuseContradiction(evidence, stated);
  }
  const guess = guessSystem(evidence);
  const range = `values run from ${evidence.minDays} to ${evidence.maxDays}`;
  if (guess === null) {
    log.add(
      'time_system_unclear',
      `Column "${evidence.columnName}" does not name its zero point and the ${range}, which fits ` +
        'no mission alone. Times are used as they are.',
      { column: evidence.columnName },
    );
    return { system: 'relative', offsetDays: NaN, shiftDays: 0 };
  }
  log.add(
    'time_system_guessed',
    `${guess.system} is assumed for column "${evidence.columnName}": the ${range}, ${guess.because}.`,
    { column: evidence.columnName },
  );
  return { system: guess.system, offsetDays: TIME_OFFSETS[guess.system], shiftDays: 0 };
}

/** True for names and units of times that nobody corrected to the barycentre. */
export function isNotBarycentric(columnName: string, unit: string | null): boolean {
  const text = `${columnName} ${unit ?? ''}`.toLowerCase();
  return /(^|[^a-z])(hjd|jd|mjd)(?![a-z])/.test(text.replace(/_/g, ' ')) && !/b[ktm]?jd/.test(text);
}

function refuseOtherUnits({ columnName, unit }: TimeEvidence): void {
  const text = (unit ?? /[([]\s*(.*?)\s*[)\]]/.exec(columnName)?.[1] ?? '').toLowerCase();
  const other =
    /^(s|sec|secs|second|seconds|ms|min|minute|minutes|h|hr|hrs|hour|hours|yr|year|years)$/;
  const suffix = /_(s|secs?|seconds|min|minutes|hr?s?|hours)$/.exec(columnName.toLowerCase());
  if (!other.test(text) && suffix === null) return;
  throw new UnreadableError(
    'unit_unclear',
    `Column "${columnName}" is in "${suffix?.[1] ?? text}"; days are needed.`,
    { column: columnName },
  );
}

/** From the header, else from "BJD - 2457000", "time_bkjd", "HJD", in the unit or the name. */
function statedOffset(evidence: TimeEvidence): number | null {
  if (evidence.headerOffsetDays !== null) return evidence.headerOffsetDays;
  for (const text of [evidence.unit ?? '', evidence.columnName]) {
    const lower = text.toLowerCase();
    const explicit = /jd(?:[ _]*tdb)?[ _]*[-–][ _]*(24\d{5}(?:\.\d+)?)/.exec(lower);
    if (explicit) return Number(explicit[1]);
    if (/bkjd/.test(lower)) return TIME_OFFSETS.BKJD;
    if (/btjd/.test(lower)) return TIME_OFFSETS.BTJD;
    if (/mjd/.test(lower)) return TIME_OFFSETS.MJD;
    if (/(^|[^a-z])[bh]?jd(?![a-z])/.test(lower.replace(/_/g, ' '))) return TIME_OFFSETS.BJD;
  }
  return null;
}

/** "BJD" alone is often written over reduced dates; the values then decide, with a warning. */
function isBareJulianDate(evidence: TimeEvidence): boolean {
  return evidence.headerOffsetDays === null && statedOffset(evidence) === TIME_OFFSETS.BJD;
}

function isPlausible(evidence: TimeEvidence, offsetDays: number): boolean {
  return evidence.minDays + offsetDays >= EARLIEST_JD && evidence.maxDays + offsetDays <= LATEST_JD;
}

function refuseContradiction(evidence: TimeEvidence, offsetDays: number): never {
  throw new UnreadableError(
    'time_system_contradiction',
    `Column "${evidence.columnName}" runs from ${evidence.minDays} to ${evidence.maxDays}; with its ` +
      `zero point of ${offsetDays} that is no date between 1968 and 2077.`,
    { column: evidence.columnName },
  );
}

function withOffset(offsetDays: number): ResolvedTime {
  for (const [system, offset] of Object.entries(TIME_OFFSETS)) {
    if (offset === offsetDays) {
      return { system: system as TimeSystem, offsetDays, shiftDays: 0 };
    }
  }
  return { system: 'BJD', offsetDays: 0, shiftDays: offsetDays };
}

interface Guess {
  readonly system: Exclude<TimeSystem, 'relative'>;
  readonly because: string;
}

function guessSystem(evidence: TimeEvidence): Guess | null {
  const { minDays: min, maxDays: max, mission } = evidence;
  const within = (low: number, high: number) => min >= low && max < high;
  if (within(EARLIEST_JD, LATEST_JD)) return { system: 'BJD', because: 'full Julian dates' };
  if (within(40_000, 80_000)) return { system: 'MJD', because: 'modified Julian dates' };
  if (within(5_000, 15_000)) {
    return { system: 'JD-2450000', because: 'Julian dates less 2450000 (after 1995)' };
  }
  const kepler = within(120, 1_592) || within(1_860, 3_560);
  const tess = within(1_325, 5_000);
  if (mission === 'TESS' && tess) return { system: 'BTJD', because: 'and the target is from TESS' };
  if ((mission === 'Kepler' || mission === 'K2') && kepler) {
    return { system: 'BKJD', because: `and the target is from ${mission}` };
  }
  if (mission !== 'unknown') return null;
  if (kepler && !tess) return { system: 'BKJD', because: 'when Kepler observed and TESS did not' };
  if (tess && !kepler) return { system: 'BTJD', because: 'when TESS observed and Kepler did not' };
  return kepler && tess ? guessByCadence(evidence.cadenceDays) : null;
}

function guessByCadence(cadenceDays: number): Guess | null {
  const seconds = cadenceDays * 86_400;
  const is = (expected: number) => Math.abs(seconds / expected - 1) < 0.003; // barycentre: 1e-4
  const because = `and the cadence is ${seconds.toFixed(1)} s`;
  if ([1765.46, 58.85].some(is)) return { system: 'BKJD', because };
  return [20, 120, 200, 600, 1800].some(is) ? { system: 'BTJD', because } : null;
}
