/**
 * Light curves as Kepler and TESS would have written them, with everything known that is in them:
 * for tests, for the demonstration, and for `lightfold simulate`.
 *
 * White noise, noise that is correlated in time (an Ornstein–Uhlenbeck process, exact in time steps
 * of any length: Gillespie 1996, Phys. Rev. E 54, 2084), rotation, flares (a sudden rise, then an
 * exponential decay), transits with limb darkening, eclipsing binaries, the gaps of the missions.
 * The same options give the same bytes.
 */
import { bandOf, limbDarkeningOf } from './limb-darkening.js';
import { type Random, seededRandom } from './random.js';
import { transitFlux, axisRatioFromDensity } from './transit-model.js';
import { SUN_DENSITY_CGS } from './star.js';
import type { LightCurve, Segment, Star } from './types.js';

export interface SimulatedPlanet {
  readonly periodDays: number;
  /** Mid-time of any transit, in the mission's time. */
  readonly t0Days: number;
  /** Planet radius over star radius. */
  readonly radiusRatio: number;
  /** @default 0 */
  readonly impact?: number;
  /** Semi-major axis over star radius. @default a circular orbit around the Sun */
  readonly axisRatio?: number;
}

export interface SimulatedBinary {
  readonly periodDays: number;
  /** Mid-time of any primary eclipse. */
  readonly t0Days: number;
  readonly primaryPpm: number;
  /** Half a period later. */
  readonly secondaryPpm: number;
  readonly durationHours: number;
}

export interface SimulationOptions {
  /** @default 1 */
  readonly seed?: number;
  /** @default 'Kepler' */
  readonly mission?: 'Kepler' | 'TESS';
  /** Quarters (93 d) or sectors (27.4 d) by number, increasing, from 1. @default [1] */
  readonly segments?: readonly number[];
  /** @default 29.4244 for Kepler, 2 for TESS */
  readonly cadenceMinutes?: number;
  /** White noise of one point. @default 100 */
  readonly noisePpm?: number;
  /** Scatter and correlation time of the red noise. @default none */
  readonly redNoise?: { readonly ppm: number; readonly timescaleDays: number };
  /** Spots: half the peak-to-peak. @default none */
  readonly rotation?: { readonly periodDays: number; readonly amplitudePpm: number };
  /** Poisson in number, exponential in height. @default none */
  readonly flares?: { readonly perDay: number; readonly meanPeakPpm: number };
  readonly planets?: readonly SimulatedPlanet[];
  readonly binaries?: readonly SimulatedBinary[];
  /** @default that of the star, or of the Sun, in the mission's band (limb-darkening.ts) */
  readonly limbDarkening?: readonly [number, number];
  /** @default unknown */
  readonly star?: Star;
}

/** Start of the first segment, its spacing, what is observed of it, pauses, all in days. */
const MISSIONS = {
  Kepler: {
    firstDays: 131.51, // Q1, BKJD (Kepler Archive Manual, KDMC-10008, table 1)
    spacingDays: 93,
    observedDays: 90,
    pausesDays: [30, 60].map((from) => ({ from, length: 1 })), // monthly downlinks
    cadenceMinutes: 29.4244,
    timeSystem: 'BKJD',
    timeOffsetDays: 2454833,
    prefix: 'Q',
    electronsPerSecond: 20_000,
  },
  TESS: {
    firstDays: 1325.29, // S1, BTJD (TESS Data Release Notes 1)
    spacingDays: 27.4,
    observedDays: 26.2,
    pausesDays: [{ from: 12.6, length: 1 }], // downlink at perigee
    cadenceMinutes: 2,
    timeSystem: 'BTJD',
    timeOffsetDays: 2457000,
    prefix: 'S',
    electronsPerSecond: 5_000,
  },
} as const;

/** Levels of quarters and sectors differ by some percent: another aperture, another detector. */
const LEVEL_SCATTER = 0.03;
const FLARE_DECAY_DAYS = 0.02;

/** One segment per quarter or sector, as a reader of the mission's files would give it. */
export function simulate(options: SimulationOptions = {}): Segment[] {
  const random = seededRandom(options.seed ?? 1);
  const mission = options.mission ?? 'Kepler';
  const facts = MISSIONS[mission];
  const cadenceDays = (options.cadenceMinutes ?? facts.cadenceMinutes) / 1440;
  const noise = (options.noisePpm ?? 100) / 1e6;
  const red = redNoise(options, random);
  return (options.segments ?? [1]).map((number) => {
    const timeDays = segmentTimes(mission, number, cadenceDays);
    const relative = signalOf(options, timeDays, cadenceDays);
    addFlares(relative, timeDays, options, random);
    const level = facts.electronsPerSecond * (1 + LEVEL_SCATTER * random.normal());
    const flux = relative.map((value, i) => {
      return level * (value * (1 + red(timeDays[i])) + noise * random.normal());
    });
    return {
      target: 'SIM 1',
      mission,
      label: `${facts.prefix}${number}`,
      timeSystem: facts.timeSystem,
      timeOffsetDays: facts.timeOffsetDays,
      timeDays,
      flux,
      fluxError: new Float64Array(timeDays.length).fill(level * Math.max(noise, 1e-7)),
      flagged: new Uint8Array(timeDays.length),
      exposureDays: cadenceDays,
      fluxColumn: 'PDCSAP_FLUX',
      star: options.star ?? {},
    };
  });
}

function segmentTimes(
  mission: keyof typeof MISSIONS,
  number: number,
  cadenceDays: number,
): Float64Array {
  const { firstDays, spacingDays, observedDays, pausesDays } = MISSIONS[mission];
  const start = firstDays + (number - 1) * spacingDays;
  const times: number[] = [];
  for (let k = 0; k * cadenceDays < observedDays; k++) {
    const elapsed = k * cadenceDays;
    const isPaused = pausesDays.some(
      ({ from, length }) => elapsed >= from && elapsed < from + length,
    );
    if (!isPaused) times.push(start + elapsed);
  }
  return Float64Array.from(times);
}

/** Everything that repeats, relative to 1. */
function signalOf(
  options: SimulationOptions,
  timeDays: Float64Array,
  cadenceDays: number,
): Float64Array {
  const relative = new Float64Array(timeDays.length).fill(1);
  const band = bandOf(options.mission ?? 'Kepler');
  const limbDarkening =
    options.limbDarkening ?? limbDarkeningOf(options.star ?? {}, band).coefficients;
  for (const planet of options.planets ?? []) {
    const axisRatio = planet.axisRatio ?? axisRatioFromDensity(planet.periodDays, SUN_DENSITY_CGS);
    const model = {
      ...planet,
      axisRatio,
      impact: planet.impact ?? 0,
      limbDarkening,
    };
    const flux = transitFlux(model, timeDays, cadenceDays);
    for (let i = 0; i < relative.length; i++) relative[i] *= flux[i];
  }
  for (const binary of options.binaries ?? []) {
    for (let i = 0; i < relative.length; i++) relative[i] *= eclipseFlux(binary, timeDays[i]);
  }
  if (options.rotation) {
    const { periodDays, amplitudePpm } = options.rotation;
    for (let i = 0; i < relative.length; i++) {
      relative[i] *= 1 + (amplitudePpm / 1e6) * Math.sin((2 * Math.PI * timeDays[i]) / periodDays);
    }
  }
  return relative;
}

/** Partial eclipses, V-shaped: depth falls linearly from the middle to the contacts. */
function eclipseFlux(binary: SimulatedBinary, time: number): number {
  const cycles = (time - binary.t0Days) / binary.periodDays;
  const halfDays = binary.durationHours / 48;
  const dip = (phase: number, ppm: number) => {
    const distanceDays = Math.abs(phase - Math.round(phase)) * binary.periodDays;
    return (ppm / 1e6) * Math.max(0, 1 - distanceDays / halfDays);
  };
  return 1 - dip(cycles, binary.primaryPpm) - dip(cycles - 0.5, binary.secondaryPpm);
}

/** The process is stepped from point to point, across gaps and segments alike. */
function redNoise({ redNoise: red }: SimulationOptions, random: Random): (time: number) => number {
  if (!red) return () => 0;
  let last = -Infinity;
  let state = 0;
  return (time) => {
    const kept = Math.exp(-(time - last) / red.timescaleDays);
    state = state * kept + (red.ppm / 1e6) * Math.sqrt(1 - kept * kept) * random.normal();
    last = time;
    return state;
  };
}

function addFlares(
  relative: Float64Array,
  timeDays: Float64Array,
  { flares }: SimulationOptions,
  random: Random,
): void {
  if (!flares || timeDays.length === 0) return;
  const exponential = () => -Math.log(1 - random.uniform());
  let at = timeDays[0] + exponential() / flares.perDay;
  for (; at < timeDays[timeDays.length - 1]; at += exponential() / flares.perDay) {
    const peak = (flares.meanPeakPpm / 1e6) * exponential();
    for (let i = 0; i < relative.length; i++) {
      if (timeDays[i] >= at) relative[i] += peak * Math.exp(-(timeDays[i] - at) / FLARE_DECAY_DAYS);
    }
  }
}

/** The curve turned upside down: its dips become bumps, and only false alarms can be found in it. */
export function invert(curve: LightCurve): LightCurve {
  return { ...curve, flux: curve.flux.map((value) => 2 - value) };
}

/**
 * The curve cut into blocks that are put together in random order (like the season scrambling of
 * Kepler's DR25: Thompson et al. 2018, ApJS 235, 38, section 2.3.2): what is correlated within a
 * block stays so, what repeats over longer does not. Times stay where they are.
 *
 * @param blockDays length of a block, > 0
 * @throws {RangeError} where it is not.
 */
export function scramble(curve: LightCurve, random: Random, blockDays: number): LightCurve {
  if (!(blockDays > 0)) throw new RangeError(`blockDays must be > 0, not ${blockDays}`);
  const n = curve.timeDays.length;
  const starts: number[] = [];
  for (let i = 0; i < n; i++) {
    const block = (k: number) => Math.floor((curve.timeDays[k] - curve.timeDays[0]) / blockDays);
    if (i === 0 || block(i) !== block(i - 1)) starts.push(i);
  }
  const order = [...starts.keys()];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  const from = new Uint32Array(n);
  let at = 0;
  for (const block of order) {
    for (let i = starts[block]; i < (starts[block + 1] ?? n); i++) from[at++] = i;
  }
  return {
    ...curve,
    flux: Float64Array.from(from, (i) => curve.flux[i]),
    fluxError: Float64Array.from(from, (i) => curve.fluxError[i]),
  };
}
