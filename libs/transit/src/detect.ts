/**
 * The whole pipeline on one target: prepare, search, fit, vet, classify, decide.
 *
 * Pure: no I/O, no clock, no randomness but the seed's. The same input gives the same bytes.
 */
import { Scratch } from '#kernels';
import { candidateAlone, MASK_DURATIONS } from './candidates.js';
import { candidateFeatures, classifierInput, formulaClassifier } from './classify.js';
import { DEFAULT_POLICY } from './decide.js';
import type { AsyncTransitFitter, FitRequest, TransitFitter } from './fit/adapter.js';
import { jointFit } from './fit/joint.js';
import { localFitter } from './fit/local.js';
import { depthRetained } from './depth-retained.js';
import { detrendAgain } from './detrend-again.js';
import {
  chooseTrials,
  type FalseAlarms,
  falseAlarmBound,
  falseAlarmProbability,
  falseAlarms,
} from './false-alarms.js';
import { bandOf, limbDarkeningOf } from './limb-darkening.js';
import { decider, type Policy } from './policy/decider.js';
import { prepare, type Prepared } from './prepare.js';
import { pointToPointScatter } from './robust.js';
import { search } from './search.js';
import { inOrder } from './segment-order.js';
import { type Hidden, type Injection, injections } from './sensitivity/injections.js';
import { sensitivityMap } from './sensitivity/map.js';
import { chooseSize, planSensitivity } from './sensitivity/plan.js';
import type { Helpers } from './shards.js';
import { assumeStar } from './star.js';
import { markTransits, withoutTransitsOf } from './transit-mask.js';
import type {
  CandidateResult,
  Classifier,
  DetectionParams,
  LightCurve,
  Mission,
  ReportProgress,
  SearchGrid,
  Segment,
  SensitivityMap,
  Signal,
  Star,
  TargetResult,
  TransitFit,
} from './types.js';
import { vet } from './vetting/vet.js';

export const DEFAULT_PARAMS: DetectionParams = {
  minPeriodDays: 0.5,
  maxPeriodDays: null,
  maxPlanets: 6,
  detrend: 'biweight',
  windowDays: null,
  method: 'folding',
  minSnr: 7.1,
  falseAlarmTrials: null,
  sensitivity: 'on_null',
  seed: 1,
};

/** Parts of the pipeline that may be exchanged. */
export interface DetectionOptions<Fitter> {
  /** @default the local fit */
  readonly fitter?: Fitter;
  /** @default the formula of classify.ts */
  readonly classifier?: Classifier;
  /** Thresholds, or a learnt policy. @default DEFAULT_POLICY */
  readonly policy?: Policy;
  /**
   * Asked after every injection of the map of sensitivity: true ends it where it is. The one way for a
   * clock to have a say; such a map says that it was interrupted. @default never
   */
  readonly isInterrupted?: () => boolean;
  /** Take part in a long search; the result is the same. @default none */
  readonly helpers?: Helpers;
}

/** Where each stage ends, as a part of the whole: the search is nearly all of it. */
const PROGRESS = { prepared: 0.08, searched: 0.6, scrambled: 0.85 };
/** Where the judging ends if injections follow: they take longer than all before. */
const BEFORE_INJECTIONS = 0.3;

/**
 * @param segments the files of one target, in any order
 * @throws {RangeError} where a parameter or the curve is outside what the stages accept, and what
 * `prepare` throws for files that cannot be one curve.
 */
export function detect(
  segments: readonly Segment[],
  params: Partial<DetectionParams> = {},
  report: ReportProgress = () => {},
  options: DetectionOptions<TransitFitter> = {},
): TargetResult {
  const fitter = options.fitter ?? localFitter;
  const steps = pipeline(segments, params, report, options);
  let step = steps.next();
  while (!step.done) step = steps.next(fitter.fit(step.value));
  return step.value;
}

/** The same with a fit that has to be waited for. */
export async function detectAsync(
  segments: readonly Segment[],
  params: Partial<DetectionParams> = {},
  report: ReportProgress = () => {},
  options: DetectionOptions<TransitFitter | AsyncTransitFitter> = {},
): Promise<TargetResult> {
  const fitter = options.fitter ?? localFitter;
  const steps = pipeline(segments, params, report, options);
  let step = steps.next();
  while (!step.done) step = steps.next(await fitter.fit(step.value));
  return step.value;
}

/** Asks for each fit and goes on with the answer: one pipeline for fits that wait and fits that do not. */
function* pipeline(
  files: readonly Segment[],
  wanted: Partial<DetectionParams>,
  reportWhole: ReportProgress,
  options: DetectionOptions<unknown>,
): Generator<FitRequest, TargetResult, TransitFit> {
  const params = complete(wanted);
  if (files.length === 0) throw new RangeError('segments must hold at least one file');
  const segments = inOrder(files);
  const { mission } = segments[0];
  const target = segments.find((segment) => segment.target !== null)?.target ?? segments[0].label;
  const decide = decider(options.policy ?? DEFAULT_POLICY);
  /** Of this target alone, from the search on. */
  const scratch = new Scratch();
  const judged = params.sensitivity === 'always' ? BEFORE_INJECTIONS : 1;
  const report: ReportProgress = (stage, fraction, message) =>
    reportWhole(stage, judged * fraction, message);

  report('clean', 0, `Cleaning and detrending ${segments.length} file(s)`);
  const prepared = prepare(segments, params, (fraction) =>
    report('detrend', PROGRESS.prepared * fraction, 'Cleaning and detrending'),
  );
  const { star, raw, cleaning, warnings } = prepared;
  report('search', PROGRESS.prepared, `Searching ${raw.timeDays.length} points`);
  const range = PROGRESS.searched - PROGRESS.prepared;
  // The search looks for no transit that the detrending would have eaten.
  const searchParams =
    params.detrend === 'none' ? params : { ...params, windowDays: prepared.detrending.windowDays };
  const { grid, rounds } = search(
    prepared.detrended,
    star,
    searchParams,
    (stage, fraction, message) => report(stage, PROGRESS.prepared + range * fraction, message),
    { helpers: options.helpers, scratch },
  );

  const found = rounds.filter((round) => round.signal !== null);
  const signals = found.map((round) => round.signal!);
  const trials = chooseTrials(params.falseAlarmTrials, signals, grid);
  const nulls = falseAlarms(
    prepared.detrended,
    star,
    searchParams,
    signals,
    trials,
    (fraction) =>
      report(
        'search',
        PROGRESS.searched + (PROGRESS.scrambled - PROGRESS.searched) * fraction,
        'Searching scrambled curves',
      ),
    scratch,
  );
  const { detrended, detrending } = detrendAgain(raw, signals, prepared, () =>
    report('detrend', PROGRESS.scrambled, 'Detrending beside the transits'),
  );
  const candidates: CandidateResult[] = [];
  for (const [index, searched] of signals.entries()) {
    const done = PROGRESS.scrambled + ((1 - PROGRESS.scrambled) * index) / signals.length;
    const others = signals.filter((other) => other !== searched);
    const { curve, points, signal } = candidateAlone(detrended, searched, signals, star, scratch);
    report('fit', done, `Fitting candidate ${index + 1} of ${signals.length}`);
    const fit = yield { curve, signal, star, mission };
    report('vet', done, `Vetting candidate ${index + 1} of ${signals.length}`);
    const vetting = vet({
      curve,
      points,
      raw: () => withoutTransitsOf(raw, others, MASK_DURATIONS),
      observedDays: raw.timeDays,
      signal,
      fit,
      star,
      mission,
      scratch,
    });
    report('vet', done, `Measuring what candidate ${index + 1} lost to detrending`);
    report('classify', done, `Classifying candidate ${index + 1} of ${signals.length}`);
    const input = classifierInput(curve, signal, vetting);
    const classification = input
      ? (options.classifier ?? formulaClassifier)(input)
      : formulaClassifier({ features: candidateFeatures(signal, vetting) });
    const chance = probabilityOf(searched, params, grid, nulls);
    const evidence = { signal, fit, vetting, classification, falseAlarmProbability: chance };
    candidates.push({
      rank: index + 1,
      ...evidence,
      decision: decide(evidence, { seed: params.seed, target, rank: index + 1 }),
      depthRetained: depthRetained(raw, searched, signals, prepared.detrending),
      // As the search saw it; the last one saw no transit of the others.
      curve:
        index === signals.length - 1
          ? curve
          : withoutTransitsOf(detrended, signals.slice(0, index), MASK_DURATIONS),
      periodogram: found[index].periodogram,
    });
  }
  if (candidates.length > 1) report('fit', 1, 'Fitting the planets together');
  const fitted = fittedTogether(candidates, detrended, star, mission);
  const isWanted =
    params.sensitivity === 'always' || (params.sensitivity === 'on_null' && signals.length === 0);
  const sensitivity = isWanted
    ? sensitivityOf(
        { prepared, mission, params, signals, scratch },
        grid,
        (fraction, message) => {
          const from = judged === 1 ? PROGRESS.searched : judged;
          reportWhole('sensitivity', from + (1 - from) * fraction, message);
        },
        options.isInterrupted,
      )
    : null;
  scratch.free();
  reportWhole('decide', 1, `${candidates.length} candidate(s)`);

  const last = rounds.at(-1);
  const { timeDays } = detrended;
  return {
    target,
    mission,
    star,
    points: timeDays.length,
    baselineDays: timeDays.length > 0 ? timeDays[timeDays.length - 1] - timeDays[0] : 0,
    rmsPpm: 1e6 * pointToPointScatter(detrended.flux),
    raw,
    detrended,
    cleaning,
    detrending,
    grid,
    candidates: fitted,
    residual: last && last.signal === null ? last.periodogram : null,
    sensitivity,
    warnings: [
      ...new Set([
        ...warnings,
        ...assumeStar(star).assumptions,
        ...(signals.length > 0 ? limbDarkeningOf(star, bandOf(mission)).warnings : []),
      ]),
    ],
  };
}

/**
 * The planets that stood by themselves, fitted together: vetting and decision rest on the single fits,
 * so that a companion which is none cannot lend its density to a planet. Only the local fit does this; other
 * backends answer for one signal.
 */
function fittedTogether(
  candidates: readonly CandidateResult[],
  detrended: LightCurve,
  star: Star,
  mission: Mission,
): readonly CandidateResult[] {
  const isPlanet = ({ fit, signal, decision }: CandidateResult) =>
    fit.backend === localFitter.name &&
    (fit.success || isHidden(signal)) &&
    Number.isFinite(signal.periodDays) &&
    signal.transitsObserved > 1 &&
    decision.action !== 'reject';
  // Alone it was fitted on what others left of it.
  const isHidden = (signal: Signal) => {
    const others = candidates.map((each) => each.signal).filter((other) => other !== signal);
    const own = markTransits(detrended.timeDays, [signal], 0.5);
    const masked = markTransits(detrended.timeDays, others, MASK_DURATIONS);
    let [inTransit, lost] = [0, 0];
    for (let i = 0; i < own.length; i++) {
      inTransit += own[i];
      lost += own[i] & masked[i];
    }
    return lost > 0.5 * inTransit;
  };
  const planets = candidates.filter(isPlanet);
  if (planets.length < 2) return candidates;
  const others = candidates.filter((each) => !isPlanet(each)).map(({ signal }) => signal);
  const curve = withoutTransitsOf(detrended, others, MASK_DURATIONS);
  const fits = jointFit(
    { curve, star, mission },
    planets.map(({ fit }) => fit),
  );
  return candidates.map((each) => {
    const at = planets.indexOf(each);
    return at < 0 ? each : { ...each, fit: fits[at] };
  });
}

function sensitivityOf(
  hidden: Omit<Hidden, 'plan' | 'report' | 'prepared'> & { readonly prepared: Prepared },
  grid: SearchGrid,
  report: (fraction: number, message: string) => void,
  isInterrupted: () => boolean = () => false,
): SensitivityMap | null {
  const { prepared, params } = hidden;
  const size = chooseSize(params.sensitivity === 'always' ? 'always' : 'on_null', prepared, grid);
  const plan = planSensitivity(prepared, grid, params, size);
  if (!plan) return null;
  const planned = size.columns * size.rows * size.layers;
  const done: Injection[] = [];
  const tell = (part: number) =>
    report((done.length + part) / planned, `Injecting planets, ${planned} at most`);
  tell(0);
  let isCut = false;
  for (const injection of injections({ ...hidden, plan, report: tell })) {
    done.push(injection);
    tell(0);
    isCut = isInterrupted();
    if (isCut) break;
  }
  return sensitivityMap(plan, done, params.minSnr, isCut);
}

/** Of the signal as it was searched for: the scrambled curves were searched in the same way. */
function probabilityOf(
  signal: Signal,
  params: DetectionParams,
  grid: SearchGrid,
  nulls: FalseAlarms | null,
): number | null {
  if (!Number.isFinite(signal.periodDays) || params.falseAlarmTrials === 0) return null;
  return nulls ? falseAlarmProbability(nulls, signal) : falseAlarmBound(grid, signal.score);
}

function complete(wanted: Partial<DetectionParams>): DetectionParams {
  const given = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  ) as Partial<DetectionParams>;
  const params = { ...DEFAULT_PARAMS, ...given };
  if (!(Number.isInteger(params.maxPlanets) && params.maxPlanets >= 1)) {
    throw new RangeError(`maxPlanets must be a whole number from 1, not ${params.maxPlanets}`);
  }
  if (!(params.minSnr > 0)) throw new RangeError(`minSnr must be positive, not ${params.minSnr}`);
  return params;
}
