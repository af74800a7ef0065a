/**
 * The curves on which the whole chain is judged, by set, part and number: planets, eclipsing binaries
 * and curves without either. Each is a star with white noise and, by chance, red noise, rotation,
 * flares, sudden drops of the detector, gaps; a quarter of Kepler, or a year of it. The same number
 * gives the same bytes; the training and the held-out part share none.
 */
import {
  axisRatioFromDensity,
  bandOf,
  limbDarkeningOf,
  seededRandom,
  simulate,
  transitDurationHours,
  transitFlux,
} from '#transit';
import { inverted, scrambled } from '../workloads/null-stars.mjs';

/** Thresholds are chosen on the first and checked on the second; the third is only reported. */
export const PARTS = { training: 1, validation: 2, heldOut: 3 };

/** Of 1,000 stars: what stands behind completeness and reliability (see docs/vetting.md). */
export const SETS = {
  planet: { stars: 20, stream: 1 },
  binary: { stars: 20, stream: 2 },
  noise: { stars: 320, stream: 3 },
  inverted: { stars: 320, stream: 4 },
  scrambled: { stars: 320, stream: 5 },
};

export const PLANETS = { snr: [7, 30], periodsDays: [0.6, 100], leastTransits: 3 };

const SUN = { radiusSun: 1, massSun: 1, effectiveTemperatureK: 5772, logg: 4.438 };
const SUN_DENSITY_CGS = 1.41;
const CADENCE_DAYS = 29.4244 / 1440;
const WHITE_PPM = 100;
const FIRST_DAY = 131.51;
/** The part of Kepler's stars whose rotation is seen (McQuillan, Mazeh & Aigrain 2014, ApJS 211, 24). */
const ROTATING_SHARE = 0.26;
/** One curve in ten is a year long. */
const YEAR_SHARE = 0.1;
const QUARTER_DAYS = 90;
const YEAR_DAYS = 3 * 93 + QUARTER_DAYS;

const between = (random, low, high) => low + (high - low) * random.uniform();
const logBetween = (random, low, high) => low * (high / low) ** random.uniform();

/**
 * @param part a name of PARTS
 * @param set a name of SETS
 * @returns `segments` for `detect`; `planet` with periodDays, t0Days, durationHours, snr, or null
 */
export function curveOf(part, set, number) {
  const random = seededRandom(1e8 * PARTS[part] + 1e7 * SETS[set].stream + number);
  const isYear = random.uniform() < YEAR_SHARE;
  const star = starOf(random, isYear);
  if (set === 'planet') return { isYear, ...withPlanet(star, random, isYear) };
  if (set === 'binary') {
    const { kind, binaries } = binaryOf(random);
    return { isYear, planet: null, kind, segments: observe({ ...star, binaries }, random) };
  }
  const segments = observe(star, random);
  if (set === 'inverted') return { isYear, planet: null, segments: segments.map(inverted) };
  if (set === 'scrambled') return { isYear, planet: null, segments: scrambled(segments, random) };
  return { isYear, planet: null, segments };
}

/** The star and its noise, as options of `simulate`, and what the detector does to it. */
function starOf(random, isYear) {
  const options = {
    seed: random.integer(2 ** 31),
    segments: isYear ? [1, 2, 3, 4] : [1],
    noisePpm: WHITE_PPM,
    star: SUN,
  };
  if (random.uniform() < 0.7) {
    options.redNoise = {
      ppm: WHITE_PPM * between(random, 0.1, 0.5),
      timescaleDays: logBetween(random, 0.08, 1),
    };
  }
  if (random.uniform() < ROTATING_SHARE) {
    options.rotation = {
      periodDays: logBetween(random, 3, 45),
      amplitudePpm: logBetween(random, 300, 10_000),
    };
  }
  if (random.uniform() < 0.1) options.flares = { perDay: 0.15, meanPeakPpm: 2000 };
  return options;
}

/** What the detector writes of it: lost points, a pause of hours or days, sudden drops and steps. */
function observe(options, random) {
  const segments = simulate(options);
  const drops = random.uniform() < 0.2 ? 1 + random.integer(3) : 0;
  return segments.map((segment) => {
    const { timeDays } = segment;
    const first = timeDays[0];
    const pause = first + between(random, 5, 80);
    const pauseDays = logBetween(random, 0.2, 4);
    const flux = segment.flux.slice();
    for (let k = 0; k < drops; k++) {
      const at = first + between(random, 2, 85);
      const size = logBetween(random, 2e-4, 5e-3);
      const recoveryDays = random.uniform() < 0.3 ? Infinity : logBetween(random, 0.1, 2);
      for (let i = 0; i < flux.length; i++) {
        if (timeDays[i] < at) continue;
        flux[i] *= 1 - size * Math.exp(-(timeDays[i] - at) / recoveryDays);
      }
    }
    for (let i = 0; i < flux.length; i++) {
      const isPaused = timeDays[i] > pause && timeDays[i] < pause + pauseDays;
      if (isPaused || random.uniform() < 0.01) flux[i] = NaN;
    }
    return { ...segment, flux };
  });
}

function withPlanet(options, random, isYear) {
  const longest = Math.min(PLANETS.periodsDays[1], (isYear ? YEAR_DAYS : QUARTER_DAYS) / 2);
  const observing = random.integer(2 ** 31);
  const snr = logBetween(random, ...PLANETS.snr);
  for (;;) {
    const periodDays = logBetween(random, PLANETS.periodsDays[0], longest);
    const t0Days = FIRST_DAY + periodDays * random.uniform();
    const orbit = {
      periodDays,
      t0Days,
      impact: 0.9 * random.uniform(),
      axisRatio: axisRatioFromDensity(periodDays, SUN_DENSITY_CGS),
      radiusRatio: 0.02,
    };
    const at = (planet) => observe({ ...options, planets: [planet] }, seededRandom(observing));
    const times = timesOf(at(orbit));
    // The depth goes nearly with the square of the radius; the rest is a matter of limb darkening.
    let planet = orbit;
    let expected = expectedSnr(planet, times, options.redNoise);
    for (let k = 0; k < 3; k++) {
      planet = { ...planet, radiusRatio: planet.radiusRatio * Math.sqrt(snr / expected.snr) };
      expected = expectedSnr(planet, times, options.redNoise);
    }
    if (expected.transits < PLANETS.leastTransits || !(planet.radiusRatio < 0.2)) continue;
    const durationHours = transitDurationHours(planet);
    return {
      planet: { ...planet, durationHours, snr, transits: expected.transits, star: options },
      segments: at(planet),
    };
  }
}

function timesOf(segments) {
  const times = segments.flatMap(({ timeDays, flux }) => [
    ...timeDays.filter((_, i) => Number.isFinite(flux[i])),
  ]);
  return Float64Array.from(times);
}

/**
 * SNR that the planet has in this star's noise: of every transit the mean dip over the error of a mean
 * of as many points, white and red, all transits together. The mean of an Ornstein-Uhlenbeck process
 * over a time T has the variance s^2 (2 x - 2 x^2 (1 - exp(-1 / x))) with x = tau / T.
 */
function expectedSnr(planet, times, redNoise) {
  const { coefficients } = limbDarkeningOf(SUN, bandOf('Kepler'));
  const flux = transitFlux({ ...planet, limbDarkening: coefficients }, times, CADENCE_DAYS);
  const durationDays = transitDurationHours(planet) / 24;
  const x = redNoise ? redNoise.timescaleDays / durationDays : 0;
  const red = redNoise
    ? (redNoise.ppm / 1e6) ** 2 * (2 * x - 2 * x * x * (1 - Math.exp(-1 / x)))
    : 0;
  const events = new Map();
  for (let i = 0; i < times.length; i++) {
    if (flux[i] === 1) continue;
    const epoch = Math.round((times[i] - planet.t0Days) / planet.periodDays);
    const event = events.get(epoch) ?? { points: 0, dip: 0, squares: 0 };
    event.points++;
    event.dip += 1 - flux[i];
    event.squares += (1 - flux[i]) ** 2;
    events.set(epoch, event);
  }
  let squares = 0;
  let transits = 0;
  for (const { points, squares: power } of events.values()) {
    const white = (WHITE_PPM / 1e6) ** 2;
    // The matched filter's white variance, with the red variance of a mean beside it.
    squares += power / (white + points * red);
    if (points * CADENCE_DAYS > 0.5 * durationDays) transits++;
  }
  return { snr: Math.sqrt(squares), transits };
}

/**
 * Half of the binaries eclipse in full view, half are blended with a brighter star. Both have a second
 * eclipse of 10 to 100 % of the first: nearly equal ones are found at half the period, and one in four
 * is not at phase 0.5.
 */
function binaryOf(random) {
  const isBlended = random.uniform() < 0.5;
  const periodDays = logBetween(random, 0.6, 40);
  const primaryPpm = isBlended ? logBetween(random, 300, 3000) : logBetween(random, 3000, 300_000);
  const ratio = random.uniform() < 0.4 ? between(random, 0.8, 1) : between(random, 0.1, 0.8);
  // Two suns: about as long as a grazing to central transit of one, times the sum of the radii.
  const central = transitDurationHours({
    periodDays,
    radiusRatio: 0.9,
    impact: 0,
    axisRatio: axisRatioFromDensity(periodDays, SUN_DENSITY_CGS / 2),
  });
  const durationHours = Math.min(0.25 * 24 * periodDays, central * between(random, 0.4, 1));
  const t0Days = FIRST_DAY + periodDays * random.uniform();
  const isEccentric = random.uniform() < 0.25;
  const primary = { periodDays, t0Days, primaryPpm, secondaryPpm: 0, durationHours };
  const phase = isEccentric ? between(random, 0.3, 0.7) : 0.5;
  const second = {
    ...primary,
    primaryPpm: ratio * primaryPpm,
    t0Days: t0Days + phase * periodDays,
  };
  return {
    kind: `${isBlended ? 'blended' : 'resolved'}${ratio >= 0.8 ? ', alike' : ''}`,
    binaries: [primary, second],
  };
}
