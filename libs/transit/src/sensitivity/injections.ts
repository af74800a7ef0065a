/**
 * Injection and recovery: planets are hidden in the user's own files, one at a time, and the files
 * are prepared and searched as if nobody knew (Christiansen et al. 2020, AJ 160, 159, for Kepler's
 * pipeline). What is found of them is what could have been found.
 *
 * The planets come in layers, one per cell of the map and layer, so that a run that is cut short
 * has looked everywhere about equally often. Their parameters are drawn in order from one seed:
 * however far a run goes, it begins in the same way.
 *
 * Pure: no clock; all randomness comes from the seed.
 */
import { prepare } from '../prepare.js';
import { type Random, seededRandom } from '../random.js';
import { search } from '../search.js';
import { axisRatioFromDensity, transitDurationHours, type TransitModel } from '../transit-model.js';
import type { DetectionParams, Segment, Signal } from '../types.js';
import { injectPlanet, limbDarkeningFor, maskSignals } from './inject.js';
import type { SensitivityPlan } from './plan.js';

export interface Injection {
  /** Of the map: period bin, radius bin. */
  readonly column: number;
  readonly row: number;
  readonly planet: TransitModel;
  /** What was found of it; null: nothing that repeats, or something else. */
  readonly recovered: Signal | null;
}

export interface Hidden {
  /** As `prepare` and `search` get them. */
  readonly segments: readonly Segment[];
  readonly params: DetectionParams;
  readonly plan: SensitivityPlan;
  /** Found in the curve before: their transits are taken out first. @default none */
  readonly signals?: readonly Signal[];
}

/** Relative difference of the periods, and of the epochs in durations, of a planet that is found. */
const SAME_PERIOD = 0.01;
const SAME_EPOCH_DURATIONS = 0.5;
/** Told from the seed's other uses. */
const STREAM = 0x5e2517;

/**
 * Hides and seeks one planet each time it is asked for the next. Whoever does not ask again has
 * interrupted it. All cost about the same.
 *
 * @throws what `prepare` and `search` throw for these files and parameters.
 */
export function* injections(hidden: Hidden): Generator<Injection, void, void> {
  const { params, plan } = hidden;
  const whole = prepare(hidden.segments, params);
  const { timeOffsetDays, timeDays } = whole.raw;
  const segments = maskSignals(hidden.segments, hidden.signals ?? [], timeOffsetDays);
  const limbDarkening = limbDarkeningFor(segments, whole.star);
  const random = seededRandom(params.seed ^ STREAM);
  for (let layer = 0; layer < plan.layers; layer++) {
    for (let row = 0; row < plan.rows; row++) {
      for (let column = 0; column < plan.columns; column++) {
        const orbit = drawOrbit(plan, row, column, timeDays[0], random);
        const planet = { ...orbit, limbDarkening };
        const found = seek(injectPlanet(segments, planet, timeOffsetDays), params);
        const recovered = found.find((signal) => isSame(signal, planet)) ?? null;
        yield { column, row, planet, recovered };
      }
    }
  }
}

/** Period and radius from anywhere in the cell, a transit at any time, the chord at any height. */
function drawOrbit(
  { periodEdgesDays, radiusRatioEdges, densityCgs }: SensitivityPlan,
  row: number,
  column: number,
  startDays: number,
  random: Random,
): Omit<TransitModel, 'limbDarkening'> {
  const within = (edges: readonly number[], bin: number) =>
    edges[bin] * (edges[bin + 1] / edges[bin]) ** random.uniform();
  const periodDays = within(periodEdgesDays, column);
  return {
    periodDays,
    radiusRatio: within(radiusRatioEdges, row),
    t0Days: startDays + periodDays * random.uniform(),
    impact: random.uniform(),
    axisRatio: axisRatioFromDensity(periodDays, densityCgs),
  };
}

/** The strongest repeating signal, as the pipeline would have found it first. */
function seek(segments: readonly Segment[], params: DetectionParams): Signal[] {
  const { detrended, star, detrending } = prepare(segments, params);
  const { rounds } = search(detrended, star, {
    ...params,
    maxPlanets: 1,
    windowDays: params.detrend === 'none' ? params.windowDays : detrending.windowDays,
  });
  return rounds.flatMap(({ signal }) => (signal ? [signal] : []));
}

/** Right period, right time. A signal has passed the search's threshold already. */
export function isSame(signal: Signal, planet: TransitModel): boolean {
  if (!(Math.abs(signal.periodDays / planet.periodDays - 1) < SAME_PERIOD)) return false;
  const cycles = (signal.t0Days - planet.t0Days) / planet.periodDays;
  const apartDays = Math.abs(cycles - Math.round(cycles)) * planet.periodDays;
  return apartDays < (SAME_EPOCH_DURATIONS * transitDurationHours(planet)) / 24;
}
