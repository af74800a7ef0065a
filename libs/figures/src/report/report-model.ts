import type { CandidateResult, Star, TargetResult, VettingTest } from '#transit';
import type { Figure } from '../charts/figure.js';
import { counted, decimalsOf, measured, significant, UNKNOWN } from '../charts/number-text.js';
import { fixed } from '../charts/scale.js';
import { ephemerisOf, periodText } from '../plots/ephemeris.js';
import { lightCurveFigure } from '../plots/light-curve.js';
import { oddEvenFigure } from '../plots/odd-even.js';
import { periodogramFigure, residualPeriodogramFigure } from '../plots/periodogram.js';
import { phaseFigure } from '../plots/phase.js';
import { secondaryFigure } from '../plots/secondary.js';
import { sensitivityFigure } from '../plots/sensitivity.js';
import type { ReportProvenance } from './provenance.js';

/**
 * One target's page as plain JSON: words, rows and figures, nothing left to compute. A worker
 * stores it with the result; a report of a whole job is drawn from many of them, later and
 * elsewhere, without the arrays.
 */
export interface ReportModel {
  readonly version: 1;
  readonly target: string;
  readonly subtitle: string;
  /** Name and value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly candidates: readonly CandidateLine[];
  readonly lightCurve: Figure;
  /** The best candidate's, or that of the search that found nothing. */
  readonly periodogram: Figure;
  readonly main: MainCandidate | null;
  /** Which planets could have been found; absent where it was not measured. */
  readonly sensitivity?: Figure;
  /** Small phase folds of the others. */
  readonly others: readonly { readonly heading: string; readonly phase: Figure }[];
  readonly warnings: readonly string[];
  readonly provenance: readonly string[];
}

/** A row of the table, all in words. */
export interface CandidateLine {
  readonly rank: number;
  readonly period: string;
  readonly t0Bjd: string;
  readonly depth: string;
  readonly duration: string;
  readonly radius: string;
  readonly snr: string;
  readonly probability: string;
  readonly decision: string;
}

export interface MainCandidate {
  readonly rank: number;
  readonly phase: Figure;
  readonly oddEven: Figure;
  readonly secondary: Figure;
  readonly vetting: readonly VettingLine[];
  readonly reasons: readonly string[];
}

export interface VettingLine {
  readonly test: string;
  readonly value: string;
  readonly threshold: string;
  readonly verdict: VettingTest['verdict'];
  readonly message: string;
  /** Verdict of the same test for the other candidates, by rank. */
  readonly others: readonly { readonly rank: number; readonly verdict: VettingTest['verdict'] }[];
}

/** Printed width of the page's content, in points. */
export const CONTENT_WIDTH = 527;
const GUTTER = 9;
const HALF = (CONTENT_WIDTH - GUTTER) / 2;

/** Sizes of the figures in points, so that letters in them have the size of those around them. */
const heights = {
  none: { lightCurve: 300, periodogram: 270, sensitivity: 0 },
  measured: { lightCurve: 176, periodogram: 150, sensitivity: 236 },
  one: { lightCurve: 178, upper: 150, lower: 128, small: 0 },
  few: { lightCurve: 160, upper: 120, lower: 104, small: 78 },
  several: { lightCurve: 146, upper: 106, lower: 92, small: 72 },
} as const;

/** @param drawn is told after every figure that takes long where there are many points. */
export function reportModel(
  result: TargetResult,
  provenance: ReportProvenance,
  drawn: () => void = () => {},
): ReportModel {
  const told = <T>(figure: T): T => {
    drawn();
    return figure;
  };
  const shown = byImportance(result.candidates).slice(0, MOST_CANDIDATES);
  const [main = null, ...others] = shown;
  others.sort((a, b) => a.rank - b.rank);
  shown.sort((a, b) => a.rank - b.rank);
  const empty = result.sensitivity ? heights.measured : heights.none;
  const size = !main ? empty : sizeWith(others.length);
  const wide = { width: CONTENT_WIDTH, fontSize: FONT_SIZE, bare: true };
  const half = { width: HALF, fontSize: FONT_SIZE, bare: true };
  return {
    version: 1,
    target: result.target,
    subtitle: subtitleOf(result),
    facts: factsOf(result),
    candidates: shown.map((candidate) => candidateLine(candidate)),
    lightCurve: told(
      lightCurveFigure({ ...result, candidates: shown }, { ...wide, height: size.lightCurve }),
    ),
    periodogram:
      main && 'upper' in size
        ? periodogramFigure(main, { ...half, height: size.upper })
        : residualPeriodogramFigure(result.residual, { ...wide, height: empty.periodogram }),
    main:
      main && 'upper' in size
        ? {
            rank: main.rank,
            phase: told(phaseFigure(main, { ...half, height: size.upper })),
            oddEven: told(oddEvenFigure(main, { ...half, height: size.lower })),
            secondary: told(secondaryFigure(main, { ...half, height: size.lower })),
            vetting: main.vetting.map((test) => vettingLine(test, others)),
            reasons: [
              ...main.decision.reasons,
              ...chanceSentence(main),
              ...keptSentence(main),
              ...orbitSentence(main),
            ],
          }
        : null,
    ...(result.sensitivity && {
      sensitivity: sensitivityFigure(result.sensitivity, {
        ...wide,
        height: main ? heights.none.lightCurve : empty.sensitivity,
      }),
    }),
    others: others.map((candidate) => ({
      heading: `${candidate.rank}: ${periodText(ephemerisOf(candidate))}`,
      phase: told(
        phaseFigure(candidate, {
          width: smallWidth(others.length),
          height: 'small' in size ? size.small : 0,
          fontSize: SMALL_FONT_SIZE,
          bare: true,
          small: true,
        }),
      ),
    })),
    warnings: [...leftOut(result.candidates.length - shown.length), ...result.warnings],
    provenance: provenanceLines(provenance, result),
  };
}

export const FONT_SIZE = 6.4;
const SMALL_FONT_SIZE = 5.4;
const MOST_IN_A_ROW = 5;

/** Small multiples never grow wider than a third of the page. */
export const smallWidth = (count: number): number => {
  const inRow = Math.min(Math.max(count, 3), MOST_IN_A_ROW);
  return (CONTENT_WIDTH - GUTTER * (inRow - 1)) / inRow;
};

/** What one page has room for. */
const MOST_CANDIDATES = 6;

const leftOut = (count: number): string[] =>
  count > 0
    ? [`${count} more ${count === 1 ? 'candidate is' : 'candidates are'} not on this page.`]
    : [];

/** Below it only its order of magnitude is known. */
const TINY = 1e-6;

function chanceSentence({ falseAlarmProbability: chance }: CandidateResult): string[] {
  if (chance === null) return [];
  const text = chance < TINY ? 'below one in a million' : significant(chance, 2);
  return [`The probability of such a signal in this curve without a planet is ${text}.`];
}

function keptSentence({ depthRetained }: CandidateResult): string[] {
  if (depthRetained === null) return [];
  const share = significant(100 * depthRetained, 3);
  return [`Detrending for the search kept ${share} % of such a depth.`];
}

/** What follows of the planet and its orbit, as far as the star is known. */
function orbitSentence({ fit }: CandidateResult): string[] {
  if (!fit.success || !Number.isFinite(fit.axisRatio.value)) return [];
  const parts = [
    `a/R* ${measured(fit.axisRatio, '', 3)}`,
    `inclination ${measured(fit.inclinationDeg, 'deg', 4)}`,
  ];
  const { semiMajorAxisAu, insolationEarth, equilibriumTemperatureK } = fit;
  if (semiMajorAxisAu) parts.push(measured(semiMajorAxisAu, 'au', 3));
  if (insolationEarth) parts.push(`insolation ${measured(insolationEarth, 'of the Earth', 3)}`);
  if (equilibriumTemperatureK) {
    parts.push(`equilibrium temperature ${measured(equilibriumTemperatureK, 'K', 3)}`);
  }
  return [`Orbit: ${parts.join(', ')}.`];
}

const ORDER = ['accept', 'human_review', 'reject'] as const;

/** By decision, then probability, then rank: the first is the one to look at. */
function byImportance(candidates: readonly CandidateResult[]): CandidateResult[] {
  const weight = ({ decision }: CandidateResult): number => ORDER.indexOf(decision.action);
  return [...candidates].sort(
    (a, b) =>
      weight(a) - weight(b) ||
      (b.classification.probability || 0) - (a.classification.probability || 0) ||
      a.rank - b.rank,
  );
}

const sizeWith = (others: number) =>
  others === 0 ? heights.one : others <= 2 ? heights.few : heights.several;

function candidateLine(candidate: CandidateResult): CandidateLine {
  const { fit, signal, classification, decision } = candidate;
  const { periodDays, t0Days, durationHours, depthPpm } = ephemerisOf(candidate);
  const offset = candidate.curve.timeOffsetDays;
  const t0Decimals = Math.min(decimalsOf(fit.t0Days.error, 4), 6);
  const radius = fit.success ? fit.planetRadiusEarth : null;
  const errorOf = (estimate: { readonly error: number }): number =>
    fit.success ? estimate.error : NaN;
  return {
    rank: candidate.rank,
    period:
      periodDays === null
        ? 'single transit'
        : measured({ value: periodDays, error: errorOf(fit.periodDays) }, '', 7),
    t0Bjd: Number.isFinite(t0Days + offset)
      ? fixed(t0Days + offset, t0Decimals)
      : Number.isFinite(t0Days)
        ? `${fixed(t0Days, t0Decimals)} (no zero point)`
        : UNKNOWN,
    depth: measured({ value: depthPpm, error: errorOf(fit.depthPpm) }, '', 4),
    duration: measured(
      { value: signal.durationHours > 0 ? durationHours : NaN, error: errorOf(fit.durationHours) },
      '',
      3,
    ),
    radius: radius ? measured(radius, '', 3) : UNKNOWN,
    snr: significant(signal.snr, 3),
    probability: Number.isFinite(classification.probability)
      ? fixed(classification.probability, 3)
      : UNKNOWN,
    decision: decision.action.replace('_', ' '),
  };
}

function vettingLine(test: VettingTest, others: readonly CandidateResult[]): VettingLine {
  return {
    test: test.test,
    value: test.value === null ? UNKNOWN : significant(test.value, 3),
    threshold: significant(test.threshold, 3),
    verdict: test.verdict,
    message: test.message,
    others: others.flatMap(({ rank, vetting }) => {
      const same = vetting.find((each) => each.test === test.test);
      return same ? [{ rank, verdict: same.verdict }] : [];
    }),
  };
}

function subtitleOf({ mission, candidates }: TargetResult): string {
  const count = candidates.length;
  const found = `${count === 0 ? 'no' : count} ${count === 1 ? 'candidate' : 'candidates'}`;
  return mission === 'unknown' ? found : `${mission} · ${found}`;
}

function factsOf(result: TargetResult): (readonly [string, string])[] {
  const { star, cleaning, grid } = result;
  const removed = cleaning.nonFinite + cleaning.flagged + cleaning.outliers;
  return [
    ['Position', positionText(star)],
    ['Star', starText(star)],
    [
      'Curve',
      `${counted(result.points)} points over ${significant(result.baselineDays, 4)} d, ` +
        `rms ${significant(result.rmsPpm, 3)} ppm`,
    ],
    [
      'Removed',
      `${counted(removed)} points: ${counted(cleaning.nonFinite)} empty, ` +
        `${counted(cleaning.flagged)} flagged, ${counted(cleaning.outliers)} outliers`,
    ],
    ['Trend', trendText(result.detrending)],
    [
      'Search',
      `${significant(grid.minPeriodDays, 3)} to ${significant(grid.maxPeriodDays, 4)} d, ` +
        `${counted(grid.periods)} periods, ${grid.durationsHours.length} durations`,
    ],
  ];
}

function trendText({ method, windowDays, passes, rotation }: TargetResult['detrending']): string {
  if (method === 'none') return 'left in';
  const followed = `${method} over ${significant(windowDays, 3)} d${passes === 2 ? ', twice' : ''}`;
  if (!rotation) return followed;
  const turns = `the star turns in ${significant(rotation.periodDays, 3)} d`;
  return `${followed}; ${turns}, ${significant(rotation.amplitudePpm, 2)} ppm`;
}

function positionText({ rightAscensionDeg: ra, declinationDeg: dec }: Star): string {
  if (ra === undefined || dec === undefined) return 'unknown';
  return `RA ${fixed(ra, 5)}°, Dec ${dec < 0 ? '' : '+'}${fixed(dec, 5)}°`;
}

function starText(star: Star): string {
  const parts: string[] = [];
  const add = (value: number | undefined, text: (known: number) => string): void => {
    if (value !== undefined && Number.isFinite(value)) parts.push(text(value));
  };
  add(star.radiusSun, (value) => `${significant(value, 3)} R☉`);
  add(star.massSun, (value) => `${significant(value, 3)} M☉`);
  add(star.effectiveTemperatureK, (value) => `${fixed(value, 0)} K`);
  add(star.logg, (value) => `log g ${fixed(value, 2)}`);
  add(star.magnitude, (value) => `mag ${fixed(value, 2)}`);
  return parts.length > 0 ? parts.join(', ') : 'unknown';
}

function provenanceLines(provenance: ReportProvenance, result: TargetResult): string[] {
  const [first, ...more] = provenance.inputs;
  const inputs = first
    ? `Input ${first.name}, SHA-256 ${first.sha256}` +
      more.map(({ name, sha256 }) => `; ${name} ${sha256.slice(0, 12)}`).join('')
    : 'Input unknown';
  const parameters = Object.entries(provenance.parameters)
    .map(([name, value]) => `${name} ${value === null ? 'default' : value}`)
    .join(', ');
  const source = provenance.model ?? result.candidates[0]?.classification.source;
  return [
    `${inputs}.`,
    `Lightfold ${provenance.codeVersion}, seed ${provenance.seed}` +
      `${source ? `, classified by ${source}` : ''}. ` +
      `Parameters: ${parameters || 'all default'}.`,
  ];
}
