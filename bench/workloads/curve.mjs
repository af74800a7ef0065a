/**
 * One simulated curve of a workload, by number: noise alone, or noise and one transiting planet of
 * the Sun whose signal-to-noise ratio is known by the formula for white noise. The same number gives
 * the same bytes.
 */
import { axisRatioFromDensity, bandOf, limbDarkeningOf, seededRandom, transitFlux } from '#transit';

/** What every search is told of the star: it is the Sun. */
export const SUN = { radiusSun: 1, massSun: 1, effectiveTemperatureK: 5772, logg: 4.438 };
const SUN_DENSITY_CGS = 1.41;

/** Streams of random numbers that do not meet for fewer than a million curves. */
const STREAMS = { noise: { null: 1e6, injected: 2e6 }, planet: 3e6 };
/** Fewer transits in the data do not make a period. */
const LEAST_TRANSITS = 2;

/** @returns {import('#transit').LightCurve} */
export function nullCurve(workload, number) {
  return curveOf(workload, seededRandom(STREAMS.noise.null + number));
}

/** @returns the curve and what was injected: period, epoch, impact, radius ratio, SNR. */
export function injectedCurve(workload, number, wanted = {}) {
  const noise = curveOf(workload, seededRandom(STREAMS.noise.injected + number));
  const planet = planetOf(workload, noise, seededRandom(STREAMS.planet + number), wanted);
  const flux = noise.flux.map((value, i) => value + planet.model[i] - 1);
  return { curve: { ...noise, flux }, planet };
}

function curveOf({ survey, red }, random) {
  const { times, segment } = timesOf(survey, random);
  const white = survey.noisePpm / 1e6;
  const correlated = red
    ? ornsteinUhlenbeck(white * red.ofWhite, red.timescaleDays, random)
    : () => 0;
  return {
    timeDays: times,
    flux: times.map((time) => 1 + white * random.normal() + correlated(time)),
    fluxError: new Float64Array(times.length).fill(white),
    segment,
    timeOffsetDays: 2454833,
    exposureDays: new Float64Array(survey.segments).fill(survey.cadenceMinutes / 1440),
  };
}

/** Even steps on board, minus gaps and lost points, bent by the light's way to the barycentre. */
function timesOf(survey, random) {
  const { segments, spacingDays, observedDays, pausesDays, pauseDays, missing, barycentre } =
    survey;
  const cadenceDays = survey.cadenceMinutes / 1440;
  const times = [];
  const segment = [];
  for (let s = 0; s < segments; s++) {
    for (let k = 0; k * cadenceDays < observedDays; k++) {
      const elapsed = k * cadenceDays;
      if (pausesDays.some((from) => elapsed >= from && elapsed < from + pauseDays)) continue;
      if (random.uniform() < missing) continue;
      const time = s * spacingDays + elapsed;
      const angle = (2 * Math.PI * time) / barycentre.periodDays;
      times.push(time + (barycentre.seconds / 86400) * Math.sin(angle));
      segment.push(s);
    }
  }
  return { times: Float64Array.from(times), segment: Uint16Array.from(segment) };
}

/** Exact in steps of any length: Gillespie 1996, Phys. Rev. E 54, 2084. */
function ornsteinUhlenbeck(scatter, timescaleDays, random) {
  let last = -Infinity;
  let state = 0;
  return (time) => {
    const kept = Math.exp(-(time - last) / timescaleDays);
    state = state * kept + scatter * Math.sqrt(1 - kept * kept) * random.normal();
    last = time;
    return state;
  };
}

function planetOf(workload, curve, random, wanted) {
  const { injected, survey } = workload;
  const between = ([low, high]) => low + (high - low) * random.uniform();
  const logBetween = ([low, high]) => Math.exp(between([Math.log(low), Math.log(high)]));
  for (;;) {
    const periodDays = wanted.periodDays ?? logBetween(injected.periodsDays);
    const model = {
      periodDays,
      t0Days: curve.timeDays[0] + periodDays * random.uniform(),
      impact: between(injected.impact),
      axisRatio: axisRatioFromDensity(periodDays, SUN_DENSITY_CGS),
      limbDarkening: limbDarkeningOf(SUN, bandOf(survey.mission)).coefficients,
    };
    const snr = wanted.snr ?? between(injected.snr);
    const transit = withSnr(model, snr, curve, survey.cadenceMinutes / 1440);
    if (transit.transits < LEAST_TRANSITS) continue;
    const { t0Days, impact } = model;
    return { periodDays, t0Days, impact, snr, ...transit };
  }
}

/** The radius ratio at which the planet has this SNR: depth goes nearly as its square. */
function withSnr(model, snr, curve, exposureDays) {
  let radiusRatio = 0.02;
  for (let step = 0; ; step++) {
    const flux = transitFlux({ ...model, radiusRatio }, curve.timeDays, exposureDays);
    let power = 0;
    const seen = new Set();
    for (let i = 0; i < flux.length; i++) {
      if (flux[i] >= 1) continue;
      power += ((1 - flux[i]) / curve.fluxError[i]) ** 2;
      seen.add(Math.round((curve.timeDays[i] - model.t0Days) / model.periodDays));
    }
    const isClose = Math.abs(Math.sqrt(power) / snr - 1) < 1e-3;
    if (seen.size < LEAST_TRANSITS || isClose || step === 20) {
      return { radiusRatio, transits: seen.size, model: flux };
    }
    radiusRatio *= Math.sqrt(snr / Math.sqrt(power));
  }
}
