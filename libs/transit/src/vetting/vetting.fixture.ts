/** Simulated candidates for the tests of vetting: a curve, its search result, and a real fit. */
import { localFitter } from '../fit/local.js';
import { searchPoints } from '../points.js';
import { seededRandom } from '../random.js';
import {
  axisRatioFromDensity,
  midTransitDepthPpm,
  transitDurationHours,
  transitFlux,
  type TransitModel,
} from '../transit-model.js';
import type { LightCurve, Signal, Star, TransitFit, VettingTest } from '../types.js';
import type { VettingInput } from './context.js';
import { vet } from './vet.js';

export interface Scene {
  readonly model?: Partial<TransitModel>;
  readonly days?: number;
  readonly noise?: number;
  readonly seed?: number;
  /** Changes the flux after the transits were put in. */
  readonly change?: (timeDays: number, flux: number, epoch: number) => number;
  /** Points that are in the curve. @default all */
  readonly keep?: (timeDays: number) => boolean;
  /** Slow variation that is in the raw curve only: what detrending took away. */
  readonly variation?: (timeDays: number) => number;
  /** File that a point came from. @default one file */
  readonly file?: (timeDays: number) => number;
  readonly signal?: Partial<Signal>;
  readonly fit?: (fit: TransitFit) => TransitFit;
  readonly star?: Star;
}

export const SUN: Star = { radiusSun: 1, massSun: 1, effectiveTemperatureK: 5772, logg: 4.438 };
const EXPOSURE_DAYS = 10 / 1440;
const MOST_FILES = 8;

export function sceneModel({ model = {} }: Scene): TransitModel {
  const periodDays = model.periodDays ?? 3;
  return {
    periodDays,
    t0Days: 1,
    radiusRatio: 0.1,
    impact: 0.3,
    axisRatio: axisRatioFromDensity(periodDays, 1.41),
    limbDarkening: [0.49, 0.18],
    ...model,
  };
}

export function anInput(scene: Scene = {}): VettingInput {
  const { days = 60, noise = 5e-4, seed = 1, keep = () => true } = scene;
  const model = sceneModel(scene);
  const random = seededRandom(seed);
  const all = Float64Array.from(
    { length: Math.floor(days / EXPOSURE_DAYS) },
    (_, i) => i * EXPOSURE_DAYS,
  );
  const clean = transitFlux(model, all, EXPOSURE_DAYS);
  const noisy = clean.map((value, i) => {
    const epoch = Math.round((all[i] - model.t0Days) / model.periodDays);
    return (scene.change?.(all[i], value, epoch) ?? value) + noise * random.normal();
  });
  const kept = [...all.keys()].filter((i) => keep(all[i]));
  const timeDays = Float64Array.from(kept, (i) => all[i]);
  const flux = Float64Array.from(kept, (i) => noisy[i]);
  const curve: LightCurve = {
    timeDays,
    flux,
    fluxError: new Float64Array(kept.length).fill(noise),
    segment: Uint16Array.from(timeDays, (time) => scene.file?.(time) ?? 0),
    timeOffsetDays: 0,
    exposureDays: new Float64Array(MOST_FILES).fill(EXPOSURE_DAYS),
  };
  const raw = {
    ...curve,
    flux: flux.map((value, i) => value * (1 + (scene.variation?.(timeDays[i]) ?? 0))),
  };
  const transits = Math.floor((days - model.t0Days) / model.periodDays) + 1;
  const signal: Signal = {
    periodDays: model.periodDays,
    t0Days: model.t0Days,
    durationHours: Math.max(1, transitDurationHours(model)),
    depthPpm: Math.max(50, midTransitDepthPpm(model)),
    whiteSnr: 50,
    snr: 50,
    score: 50,
    sde: 15,
    transitsObserved: transits,
    transitsExpected: transits,
    aliases: [],
    ...scene.signal,
  };
  const star = scene.star ?? SUN;
  const fit = localFitter.fit({ curve, signal, star, mission: 'Kepler' });
  return {
    curve,
    points: searchPoints(curve),
    raw: () => raw,
    observedDays: timeDays,
    signal,
    star,
    mission: 'Kepler',
    fit: scene.fit?.(fit) ?? fit,
  };
}

export function vetScene(scene: Scene, name: string): VettingTest {
  const found = vet(anInput(scene)).find(({ test }) => test === name);
  if (!found) throw new Error(`there is no test ${name}`);
  return found;
}
