/**
 * Results as the rest of the house stores and shows them: plain rows in the wire's terms, no arrays.
 *
 * Pure. What is NaN inside (an error that the data do not constrain, the period of a single event) is null
 * in a record, so that a record survives JSON.
 */
import type { Candidate, DecidedBy, Provenance, Sensitivity, TargetSummary } from '#contracts';
import { DEFAULT_POLICY } from './decide.js';
import { CONTEXT_NAMES, CONTEXT_VERSION } from './policy/context.js';
import { EARTH_RADII_PER_SUN } from './star.js';
import type {
  CandidateResult,
  Detrending,
  Estimate,
  LoggedDecision,
  SensitivityMap,
  TargetResult,
  TransitFit,
} from './types.js';

/** A candidate without what only the store knows: its id, plots, reviews. */
export type CandidateRecord = Omit<Candidate, 'candidateId' | 'plots' | 'reviews' | 'provenance'>;

export type TargetRecord = Omit<TargetSummary, 'status' | 'failure' | 'provenance'>;

export function targetRecord(result: TargetResult): TargetRecord {
  return {
    target: result.target,
    mission: result.mission,
    points: result.points,
    baselineDays: result.baselineDays,
    rmsPpm: result.rmsPpm,
    candidates: result.candidates.length,
    detrending: detrendingRecord(result.detrending),
    sensitivity: result.sensitivity && sensitivityRecord(result.sensitivity),
    warnings: [...result.warnings],
  };
}

export function candidateRecord(result: TargetResult, candidate: CandidateResult): CandidateRecord {
  const { signal, vetting, classification, decision } = candidate;
  return {
    target: result.target,
    rank: candidate.rank,
    periodDays: known(signal.periodDays),
    t0Bjd: signal.t0Days + zeroPoint(candidate),
    depthPpm: signal.depthPpm,
    durationHours: signal.durationHours,
    snr: signal.snr,
    sde: signal.sde,
    probability: classification.probability,
    models: classification.models.map((model) => ({ ...model })),
    rlAction: decision.action,
    reasons: [...decision.reasons],
    decidedBy: decisionRecord(decision),
    flags: Object.fromEntries(vetting.map(({ test, verdict }) => [test, verdict === 'fail'])),
    fit: fitRecord(candidate),
    depthRetained: candidate.depthRetained,
    falseAlarmProbability: candidate.falseAlarmProbability,
    vetting: vetting.map((test) => ({ ...test })),
    aliases: signal.aliases.map((alias) => ({ ...alias })),
  };
}

function decisionRecord(decision: LoggedDecision): DecidedBy {
  const { policy, probabilities, thresholds, mayAccept, context } = decision;
  return {
    policy,
    probabilities: { ...probabilities },
    thresholds,
    mayAccept,
    contextVersion: CONTEXT_VERSION,
    context: Object.fromEntries(CONTEXT_NAMES.map((name, i) => [name, context[i]])),
  };
}

function detrendingRecord(detrending: Detrending): TargetRecord['detrending'] {
  const { method, windowDays, passes, rotation, reason } = detrending;
  return { method, windowDays, passes, rotation: rotation && { ...rotation }, reason };
}

export function sensitivityRecord(map: SensitivityMap): Sensitivity {
  const { starRadiusSun } = map;
  const inEarths = (ratio: number) => ratio * (starRadiusSun ?? NaN) * EARTH_RADII_PER_SUN;
  const isKnown = starRadiusSun !== null;
  return {
    periodEdgesDays: [...map.periodEdgesDays],
    radiusRatioEdges: [...map.radiusRatioEdges],
    radiusEdgesEarth: isKnown ? map.radiusRatioEdges.map(inEarths) : null,
    minSnr: map.minSnr,
    planned: map.planned,
    interrupted: map.interrupted,
    injected: map.injected,
    cells: map.cells.map((cell) => ({ ...cell })),
    halfRadiusRatio: [...map.halfRadiusRatio],
    halfRadiusEarth: isKnown
      ? map.halfRadiusRatio.map((ratio) => (ratio === null ? null : inEarths(ratio)))
      : null,
  };
}

export interface ProvenanceFacts {
  readonly codeVersion: string;
  /** What runs the code, with its version. */
  readonly runtime: string;
  readonly inputs: Provenance['inputs'];
  /** As the user gave them, in the wire's names. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** The learnt policy that decided; null: the thresholds of this version did. */
  readonly policy: { readonly name: string; readonly sha256: string } | null;
}

export function provenanceRecord(result: TargetResult, facts: ProvenanceFacts): Provenance {
  const { grid } = result;
  return {
    codeVersion: facts.codeVersion,
    runtime: facts.runtime,
    // In an order of their own: the result does not depend on how they were given.
    inputs: [...facts.inputs].sort(
      (a, b) => byCodeUnits(a.filename, b.filename) || byCodeUnits(a.sha256, b.sha256),
    ),
    params: { ...facts.params },
    grid: {
      min_period_days: grid.minPeriodDays,
      max_period_days: grid.maxPeriodDays,
      periods: grid.periods,
      durations_hours: [...grid.durationsHours],
      oversampling: grid.oversampling,
    },
    seed: facts.seed,
    classifier: result.candidates[0]?.classification.source ?? 'none',
    models: modelsOf(result),
    policy: facts.policy
      ? { name: facts.policy.name, sha256: facts.policy.sha256 }
      : { name: DEFAULT_POLICY.name, sha256: null },
  };
}

/** Each graph once, as they were asked. */
function modelsOf({ candidates }: TargetResult): Provenance['models'] {
  const models = candidates.flatMap(({ classification }) => classification.models);
  const used = new Map(
    models.map(({ name, version, sha256 }) => [sha256, { name, version, sha256 }]),
  );
  return [...used.values()];
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function fitRecord(candidate: CandidateResult): NonNullable<Candidate['fit']> {
  const { compared } = candidate.fit;
  return {
    ...oneFitRecord(candidate.fit, candidate),
    compared: compared ? oneFitRecord(compared, candidate) : null,
  };
}

type FitRecord = Omit<NonNullable<Candidate['fit']>, 'compared'>;

function oneFitRecord(fit: TransitFit, candidate: CandidateResult): FitRecord {
  return {
    backend: fit.backend,
    success: fit.success,
    message: fit.message,
    joint: fit.joint,
    periodDays: estimate(fit.periodDays),
    t0Bjd: estimate({ ...fit.t0Days, value: fit.t0Days.value + zeroPoint(candidate) }),
    radiusRatio: estimate(fit.radiusRatio),
    impact: estimate(fit.impact),
    axisRatio: estimate(fit.axisRatio),
    durationHours: estimate(fit.durationHours),
    fullDurationHours: estimate(fit.fullDurationHours),
    depthPpm: estimate(fit.depthPpm),
    inclinationDeg: fit.inclinationDeg.value,
    inclinationErrorDeg: known(fit.inclinationDeg.error),
    stellarDensityGCm3: estimate(fit.stellarDensity),
    planetRadiusEarth: fit.planetRadiusEarth && estimate(fit.planetRadiusEarth),
    semiMajorAxisAu: fit.semiMajorAxisAu && estimate(fit.semiMajorAxisAu),
    insolationEarth: fit.insolationEarth && estimate(fit.insolationEarth),
    equilibriumTemperatureK: fit.equilibriumTemperatureK?.value ?? null,
    equilibriumTemperatureErrorK: known(fit.equilibriumTemperatureK?.error ?? NaN),
    limbDarkening: [...fit.limbDarkening],
    limbDarkeningSource: fit.limbDarkeningSource,
    chi2: fit.chi2,
    degreesOfFreedom: fit.degreesOfFreedom,
  };
}

/** Added to the curve's times; 0 where the file's zero point is unknown (the warnings say so). */
function zeroPoint(candidate: CandidateResult): number {
  const offset = candidate.curve.timeOffsetDays;
  return Number.isFinite(offset) ? offset : 0;
}

const estimate = ({ value, error }: Estimate) => ({ value: known(value), error: known(error) });

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
