/**
 * Injection and recovery: planets are hidden in the user's own curve, one at a time, and the curve is
 * detrended and searched as if nobody knew (Christiansen et al. 2020, AJ 160, 159, for Kepler's
 * pipeline). What is found of them is what could have been found.
 *
 * The planets come in layers, at most one per cell of the map and layer, so that a run that is cut
 * short has looked everywhere about equally often. The first layer looks everywhere; later ones leave
 * out what is settled: a cell that agrees with the cells above and below it, all planets found or none.
 * Planets go where the share changes. Their parameters are drawn in order from one seed: however far
 * a run goes, it begins in the same way.
 *
 * Pure: no clock; all randomness comes from the seed.
 */
import { Scratch } from '#kernels';
import { detrend } from '../detrend.js';
import { bandOf, limbDarkeningOf } from '../limb-darkening.js';
import type { Prepared } from '../prepare.js';
import { type Random, seededRandom } from '../random.js';
import { search } from '../search.js';
import { withoutTransitsOf } from '../transit-mask.js';
import { axisRatioFromDensity, transitDurationHours, type TransitModel } from '../transit-model.js';
import type { DetectionParams, LightCurve, Mission, Signal } from '../types.js';
import { injectPlanet } from './inject.js';
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
  /** The curve as it is searched without any injection. */
  readonly prepared: Pick<Prepared, 'raw' | 'star' | 'detrending'>;
  readonly mission: Mission;
  readonly params: DetectionParams;
  readonly plan: SensitivityPlan;
  /** Found in the curve before: their transits are taken out first. @default none */
  readonly signals?: readonly Signal[];
  /** Gets the finished fraction of one injection, several times in each. */
  readonly report?: (fraction: number) => void;
  /** Of all searches. @default fresh memory */
  readonly scratch?: Scratch;
}

/** Relative difference of the periods, and of the epochs in durations, of a planet that is found. */
const SAME_PERIOD = 0.01;
const SAME_EPOCH_DURATIONS = 0.5;
/** Half of what is masked around the transits of a known signal, in durations: as in the search. */
const MASK_DURATIONS = 0.85;
/** Detrending's part of an injection, for its progress. */
const DETREND_SHARE = 0.5;
/** Told from the seed's other uses. */
const STREAM = 0x5e2517;

/**
 * Hides and seeks one planet each time it is asked for the next. Whoever does not ask again has
 * interrupted it. All cost about the same.
 *
 * @throws what `search` throws for this curve and these parameters.
 */
export function* injections(hidden: Hidden): Generator<Injection, void, void> {
  const { params, plan, prepared } = hidden;
  const raw = withoutTransitsOf(prepared.raw, hidden.signals ?? [], MASK_DURATIONS);
  const startDays = prepared.raw.timeDays[0];
  const limbDarkening = limbDarkeningOf(prepared.star, bandOf(hidden.mission)).coefficients;
  const random = seededRandom(params.seed ^ STREAM);
  const done = new Counts(plan);
  const seeker = { ...hidden, scratch: hidden.scratch ?? new Scratch() };
  for (let layer = 0; layer < plan.layers; layer++) {
    const isOpen = done.open();
    for (let row = 0; row < plan.rows; row++) {
      for (let column = 0; column < plan.columns; column++) {
        // Drawn for settled cells too: which planets come does not depend on what was found.
        const orbit = drawOrbit(plan, row, column, startDays, random);
        if (!isOpen[row * plan.columns + column]) continue;
        const planet = { ...orbit, limbDarkening };
        const found = seek(injectPlanet(raw, planet), seeker);
        const recovered = found.find((signal) => isSame(signal, planet)) ?? null;
        done.add(row, column, recovered !== null);
        yield { column, row, planet, recovered };
      }
    }
  }
}

/** How many planets of each cell were hidden and found. */
class Counts {
  private readonly injected: Uint32Array;
  private readonly recovered: Uint32Array;

  constructor(private readonly plan: SensitivityPlan) {
    this.injected = new Uint32Array(plan.rows * plan.columns);
    this.recovered = new Uint32Array(plan.rows * plan.columns);
  }

  add(row: number, column: number, isFound: boolean): void {
    const cell = row * this.plan.columns + column;
    this.injected[cell]++;
    if (isFound) this.recovered[cell]++;
  }

  /** (R · C,) 1 where more planets tell something. */
  open(): Uint8Array {
    const { rows, columns } = this.plan;
    return Uint8Array.from(this.injected, (_, cell) => {
      const own = this.shareOf(cell);
      if (own !== 0 && own !== 1) return 1;
      const row = Math.floor(cell / columns);
      const differs = (other: number) => this.shareOf(other) !== own;
      return (row > 0 && differs(cell - columns)) || (row < rows - 1 && differs(cell + columns))
        ? 1
        : 0;
    });
  }

  /** NaN, which is no share, where nothing was injected. */
  private shareOf(cell: number): number {
    return this.recovered[cell] / this.injected[cell];
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
function seek(raw: LightCurve, { prepared, params, report = () => {}, scratch }: Hidden): Signal[] {
  const { method, windowDays, passes } = prepared.detrending;
  const { curve } = detrend(raw, {
    method,
    windowDays,
    passes,
    report: (fraction) => report(DETREND_SHARE * fraction),
  });
  const { rounds } = search(
    curve,
    prepared.star,
    {
      ...params,
      maxPlanets: 1,
      windowDays: params.detrend === 'none' ? params.windowDays : windowDays,
    },
    (_, fraction) => report(DETREND_SHARE + (1 - DETREND_SHARE) * fraction),
    { scratch },
  );
  return rounds.flatMap(({ signal }) => (signal ? [signal] : []));
}

/** Right period, right time. A signal has passed the search's threshold already. */
export function isSame(signal: Signal, planet: TransitModel): boolean {
  if (!(Math.abs(signal.periodDays / planet.periodDays - 1) < SAME_PERIOD)) return false;
  const cycles = (signal.t0Days - planet.t0Days) / planet.periodDays;
  const apartDays = Math.abs(cycles - Math.round(cycles)) * planet.periodDays;
  return apartDays < (SAME_EPOCH_DURATIONS * transitDurationHours(planet)) / 24;
}
