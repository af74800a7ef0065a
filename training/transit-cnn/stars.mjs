/**
 * The simulated stars on which transit-cnn is trained and judged, by seed and number. Every star has
 * white noise and, whatever it is, by the same chances red noise, rotation, flares, drops and ramps of
 * the detector, gaps; what differs is what its kind says. The same seed and number give the same bytes.
 * README.md lists the distributions.
 */
import {
  axisRatioFromDensity,
  bandOf,
  limbDarkeningOf,
  seededRandom,
  simulate,
  transitFlux,
} from '#transit';
import { inverted, scrambled } from '../../bench/workloads/null-stars.mjs';

/** Of 100 stars. */
export const KINDS = {
  planet: 38,
  binary: 14,
  blend: 14,
  variable: 10,
  heartbeat: 3,
  systematics: 12,
  noise: 4,
  inverted: 3,
  scrambled: 2,
};

/** Of 100 stars. */
const INSTRUMENTS = [
  { name: 'Kepler quarter, 30 min', share: 38, mission: 'Kepler', segments: [1], minutes: 29.4244 },
  {
    name: 'Kepler year, 30 min',
    share: 10,
    mission: 'Kepler',
    segments: [1, 2, 3, 4],
    minutes: 29.4244,
  },
  { name: 'TESS sector, 30 min', share: 22, mission: 'TESS', segments: [1], minutes: 30 },
  { name: 'TESS sector, 10 min', share: 14, mission: 'TESS', segments: [1], minutes: 10 },
  { name: 'TESS sector, 2 min', share: 8, mission: 'TESS', segments: [1], minutes: 2 },
  { name: 'TESS two sectors, 30 min', share: 8, mission: 'TESS', segments: [1, 2], minutes: 30 },
];

/** SNR in the star's noise, log-uniform: of two planets in three, of the third, of blends. */
export const SNR = { planet: [7, 30], strongPlanet: [30, 500], blend: [8, 300] };
/** White noise of half an hour, ppm: log-uniform. */
const WHITE_PPM = [60, 1500];
const SUN_DENSITY_CGS = 1.41;
/** A larger body is no planet. */
const LARGEST_RADIUS_RATIO = 0.18;
const TURN = 2 * Math.PI;

const between = (random, low, high) => low + (high - low) * random.uniform();
const logBetween = (random, low, high) => low * (high / low) ** random.uniform();
const happens = (random, share) => random.uniform() < share;

function pick(random, entries) {
  let at = random.uniform() * entries.reduce((sum, { share }) => sum + share, 0);
  return entries.find(({ share }) => (at -= share) < 0) ?? entries[entries.length - 1];
}

/**
 * @param seed of a set, 0 to 4000; no two sets share a star
 * @param number of the star, 0 to 999,999
 * @returns `segments` as files; `planets` with periodDays, t0Days, durationHours; `kind`, `instrument`
 */
export function starOf(seed, number) {
  const random = seededRandom(seed * 1e6 + number);
  const kinds = Object.entries(KINDS).map(([name, share]) => ({ name, share }));
  const kind = pick(random, kinds).name;
  const instrument = pick(random, INSTRUMENTS);
  const whitePpm = logBetween(random, ...WHITE_PPM);
  const density = SUN_DENSITY_CGS * logBetween(random, 0.2, 4);
  const sky = {
    instrument,
    whitePpm,
    density,
    noisePpm: whitePpm * Math.sqrt(30 / instrument.minutes),
    redNoise: redNoiseOf(random, kind, whitePpm),
    limbDarkening: limbDarkeningOf({}, bandOf(instrument.mission)).coefficients,
  };
  const files = simulate({
    seed: random.integer(2 ** 31),
    mission: instrument.mission,
    segments: instrument.segments,
    cadenceMinutes: instrument.minutes,
    noisePpm: sky.noisePpm,
    redNoise: sky.redNoise,
    flares:
      happens(random, kind === 'inverted' ? 0.5 : 0.08) && instrument.minutes > 5
        ? { perDay: 0.15, meanPeakPpm: 20 * whitePpm }
        : undefined,
    star: happens(random, 0.5) ? knownStar(density) : {},
  });
  const times = files.map(({ timeDays }) => timeDays);
  const lost = observedMask(files, random);
  const seen = { ...sky, times, lost, spanDays: spanOf(times) };
  const { planets, signals } = SIGNALS[kind](random, seen);
  const nuisances = nuisancesOf(random, seen, kind);
  let segments = files.map((file, s) => {
    const flux = file.flux.slice();
    for (const signal of [...signals, ...nuisances]) {
      const relative = signal(file.timeDays);
      for (let i = 0; i < flux.length; i++) flux[i] *= relative[i];
    }
    for (let i = 0; i < flux.length; i++) if (lost[s][i]) flux[i] = NaN;
    return { ...file, flux };
  });
  if (kind === 'inverted') segments = segments.map(inverted);
  if (kind === 'scrambled') segments = scrambled(segments, random);
  return { kind, instrument: instrument.name, planets, segments };
}

const knownStar = (density) => {
  const radiusSun = Math.cbrt(SUN_DENSITY_CGS / density); // of one solar mass
  return { radiusSun, massSun: 1, effectiveTemperatureK: 5772 };
};

const spanOf = (times) => {
  const last = times[times.length - 1];
  return last[last.length - 1] - times[0][0];
};

function redNoiseOf(random, kind, whitePpm) {
  const isNoisy = kind === 'noise' || kind === 'scrambled';
  if (!isNoisy && !happens(random, 0.6)) return undefined;
  const ratio = isNoisy ? between(random, 0.5, 2) : between(random, 0.1, 0.8);
  return { ppm: whitePpm * ratio, timescaleDays: logBetween(random, 0.05, 1.5) };
}

/** 1 where a point is lost: one in a hundred, and a pause of hours or days. */
function observedMask(files, random) {
  return files.map(({ timeDays }) => {
    const from = timeDays[0] + (timeDays[timeDays.length - 1] - timeDays[0]) * random.uniform();
    const pauseDays = logBetween(random, 0.1, 4);
    return Uint8Array.from(timeDays, (time) =>
      Number((time > from && time < from + pauseDays) || happens(random, 0.01)),
    );
  });
}

/** What each kind adds to noise and nuisances: factors by which the flux is multiplied. */
const SIGNALS = {
  planet: planetSignals,
  binary: (random, sky) => ({ planets: [], signals: [binaryOf(random, sky, false)] }),
  blend: (random, sky) => ({ planets: [], signals: [binaryOf(random, sky, true)] }),
  variable: (random, sky) => ({ planets: [], signals: [variableOf(random, sky)] }),
  heartbeat: (random, sky) => ({ planets: [], signals: [heartbeatOf(random, sky)] }),
  systematics: (random, sky) => ({ planets: [], signals: systematicsOf(random, sky) }),
  noise: () => ({ planets: [], signals: [] }),
  inverted: (random, sky) => ({
    planets: [],
    signals: happens(random, 0.5) ? [variableOf(random, sky)] : systematicsOf(random, sky),
  }),
  scrambled: (random, sky) => ({ planets: [], signals: systematicsOf(random, sky) }),
};

/** One planet, in one star of six two; one in ten may transit only once or twice. */
function planetSignals(random, sky) {
  const count = happens(random, 1 / 6) ? 2 : 1;
  const planets = [];
  for (let tries = 0; planets.length < count && tries < 200; tries++) {
    const leastTransits = happens(random, 0.1) ? 1 : 3;
    const longest = leastTransits < 3 ? 0.9 * sky.spanDays : sky.spanDays / 2.2;
    const periodDays = logBetween(random, 0.55, longest);
    const first = planets[0];
    if (first && !(Math.abs(Math.log(periodDays / first.periodDays)) > 0.15)) continue;
    const snr = logBetween(random, ...(happens(random, 2 / 3) ? SNR.planet : SNR.strongPlanet));
    // An eccentric orbit is passed faster or slower than a circular one.
    const eccentric = happens(random, 0.3) ? between(random, 0.65, 1.5) : 1;
    let model = {
      periodDays,
      t0Days: sky.times[0][0] + periodDays * random.uniform(),
      impact: random.uniform() * (happens(random, 0.1) ? 1 : 0.9),
      axisRatio: Math.max(2, axisRatioFromDensity(periodDays, sky.density) * eccentric),
      radiusRatio: 0.03,
      limbDarkening: sky.limbDarkening,
    };
    // The depth goes nearly with the square of the radius; the rest is a matter of limb darkening.
    let seen = expectedSnr(model, sky);
    for (let k = 0; k < 3 && seen.snr > 0; k++) {
      model = { ...model, radiusRatio: model.radiusRatio * Math.sqrt(snr / seen.snr) };
      if (!(model.radiusRatio < LARGEST_RADIUS_RATIO)) break;
      seen = expectedSnr(model, sky);
    }
    if (!(seen.snr > 0 && model.radiusRatio < LARGEST_RADIUS_RATIO)) continue;
    if (seen.transits < leastTransits) continue;
    planets.push({ ...model, snr });
  }
  return { planets, signals: planets.map((planet) => transitsOf(planet, sky)) };
}

const exposureDays = ({ instrument }) => instrument.minutes / 1440;

const transitsOf = (model, sky) => (times) => transitFlux(model, times, exposureDays(sky));

/** All transits together: the dip against white noise and the mean of red noise over a transit. */
function expectedSnr(model, sky) {
  const events = new Map();
  sky.times.forEach((times, s) => {
    const flux = transitFlux(model, times, exposureDays(sky));
    for (let i = 0; i < times.length; i++) {
      if (flux[i] === 1 || sky.lost[s][i]) continue;
      const epoch = Math.round((times[i] - model.t0Days) / model.periodDays);
      const event = events.get(epoch) ?? { points: 0, squares: 0 };
      event.points++;
      event.squares += (1 - flux[i]) ** 2;
      events.set(epoch, event);
    }
  });
  let squares = 0;
  let most = 0;
  for (const { points } of events.values()) most = Math.max(most, points);
  let transits = 0;
  for (const event of events.values()) {
    // Mean of an Ornstein-Uhlenbeck process over T: s^2 (2 x - 2 x^2 (1 - exp(-1 / x))), x = tau / T.
    const x = sky.redNoise ? sky.redNoise.timescaleDays / (event.points * exposureDays(sky)) : 0;
    const red = x
      ? (sky.redNoise.ppm / 1e6) ** 2 * (2 * x - 2 * x * x * (1 - Math.exp(-1 / x)))
      : 0;
    squares += event.squares / ((sky.noisePpm / 1e6) ** 2 + event.points * red);
    if (event.points > most / 2) transits++;
  }
  return { snr: Math.sqrt(squares), transits };
}

/**
 * Two stars that eclipse each other, the second eclipse 3 to 100 % of the first. A blend is one whose
 * light is diluted until the first eclipse has the SNR that was drawn. Limb-darkened disks, grazing or
 * not; close pairs are drawn out to ellipsoids.
 */
function binaryOf(random, sky, isBlended) {
  const periodDays = logBetween(random, 0.4, 0.6 * sky.spanDays);
  const radiusRatio = between(random, 0.2, 1);
  const density = sky.density / between(random, 1, 2);
  const axisRatio = Math.max(1.3 * (1 + radiusRatio), axisRatioFromDensity(periodDays, density));
  const primary = {
    periodDays,
    t0Days: sky.times[0][0] + periodDays * random.uniform(),
    radiusRatio,
    impact: 0.97 * random.uniform() * (1 + radiusRatio),
    axisRatio,
    limbDarkening: sky.limbDarkening,
  };
  const ratio = happens(random, 0.4) ? between(random, 0.8, 1) : logBetween(random, 0.03, 0.8);
  const isEccentric = periodDays > 3 && happens(random, 0.4);
  const second = {
    ...primary,
    t0Days: primary.t0Days + periodDays * (isEccentric ? between(random, 0.25, 0.75) : 0.5),
    axisRatio: axisRatio * (isEccentric ? between(random, 0.7, 1.4) : 1),
  };
  const { snr } = expectedSnr(primary, sky);
  const wanted = logBetween(random, ...SNR.blend);
  const dilution = isBlended ? Math.min(0.5, wanted / Math.max(snr, 1e-9)) : 1;
  const ellipsoidal = happens(random, 0.7) ? between(random, 0.2, 1) / axisRatio ** 3 : 0;
  return (times) => {
    const first = transitFlux(primary, times, exposureDays(sky));
    const other = transitFlux(second, times, exposureDays(sky));
    return first.map((value, i) => {
      const angle = (TURN * (times[i] - primary.t0Days)) / periodDays;
      const dip = 1 - value + ratio * (1 - other[i]) + ellipsoidal * Math.cos(2 * angle);
      return 1 - dilution * Math.min(0.99, dip);
    });
  };
}

/** Pulsation in one to four tones, a sawtooth with overtones, or fast rotation whose spots change. */
function variableOf(random, sky) {
  const shape = random.integer(3);
  const amplitude = (sky.whitePpm / 1e6) * logBetween(random, 0.5, 60);
  const tones = [];
  if (shape === 0) {
    for (let k = 0, count = 1 + random.integer(4); k < count; k++) {
      tones.push(toneOf(random, logBetween(random, 0.1, 3), amplitude * between(random, 0.2, 1)));
    }
  } else {
    const periodDays = shape === 1 ? logBetween(random, 0.25, 2) : logBetween(random, 0.4, 8);
    const overtones = shape === 1 ? 5 : 2;
    for (let k = 1; k <= overtones; k++) {
      tones.push(toneOf(random, periodDays / k, (amplitude * between(random, 0.4, 1)) / k));
    }
  }
  const changes = toneOf(
    random,
    logBetween(random, 10, 60),
    shape === 2 ? between(random, 0, 0.9) : 0,
  );
  return (times) =>
    times.map((time) => {
      const sum = tones.reduce((total, tone) => total + tone(time), 0);
      return 1 + sum * (1 + changes(time));
    });
}

function toneOf(random, periodDays, amplitude) {
  const phase = random.uniform();
  return (time) => amplitude * Math.sin(TURN * (time / periodDays + phase));
}

/** Two stars on an eccentric orbit that raise tides on each other once a period, without eclipses. */
function heartbeatOf(random, sky) {
  const periodDays = logBetween(random, 1, sky.spanDays / 2.5);
  const t0Days = sky.times[0][0] + periodDays * random.uniform();
  const width = periodDays * between(random, 0.01, 0.06);
  const size = (sky.whitePpm / 1e6) * logBetween(random, 2, 60);
  const slope = between(random, -1, 1);
  return (times) =>
    times.map((time) => {
      const cycles = (time - t0Days) / periodDays;
      const x = ((cycles - Math.round(cycles)) * periodDays) / width;
      return 1 + size * Math.exp(-0.5 * x * x) * (slope * x * 1.6 - (1 - Math.abs(slope)));
    });
}

/** The detector: drops that recover, dips of momentum dumps, dips out of step, ramps after gaps. */
function systematicsOf(random, sky) {
  const shape = random.integer(4);
  const start = sky.times[0][0];
  const moments = [];
  if (shape === 1) {
    const every = logBetween(random, 1.5, 7);
    const jitter = happens(random, 0.5) ? 0 : 0.05 * every;
    for (let at = start + every * random.uniform(); at < start + sky.spanDays; at += every) {
      moments.push(at + jitter * random.normal());
    }
  } else if (shape < 3) {
    const count = 2 + random.integer(12);
    for (let k = 0; k < count; k++) moments.push(start + sky.spanDays * random.uniform());
  }
  const common = logBetween(random, 2, 30);
  const scatter = between(random, 0.1, 0.8);
  const recoveryDays = logBetween(random, 0.04, shape === 1 ? 0.4 : 1.5);
  const events = moments.map((at) => ({
    at,
    size: (sky.whitePpm / 1e6) * common * Math.exp(scatter * random.normal()),
    lengthDays: recoveryDays * Math.exp(0.3 * random.normal()),
    shape: shape === 2 ? 1 + random.integer(3) : 0,
  }));
  if (shape === 3) return [rampsOf(random, sky, logBetween(random, 3, 40))];
  return [(times) => times.map((time) => events.reduce((flux, e) => flux * eventFlux(e, time), 1))];
}

/** 0: a sudden drop that recovers; 1: round; 2: a triangle; 3: a box. */
function eventFlux({ at, size, lengthDays, shape }, time) {
  const x = (time - at) / lengthDays;
  if (shape === 0) return x < 0 || x > 12 ? 1 : 1 - size * Math.exp(-x);
  if (Math.abs(x) > 3) return 1;
  if (shape === 1) return 1 - size * Math.exp(-4 * x * x);
  if (shape === 2) return 1 - size * Math.max(0, 1 - Math.abs(x));
  return Math.abs(x) < 0.5 ? 1 - size : 1;
}

/** After every gap of half a day the flux creeps to its level, from below or from above. */
function rampsOf(random, sky, sizeInNoise) {
  const starts = [];
  for (const times of sky.times) {
    times.forEach((time, i) => {
      if (i === 0 || time - times[i - 1] > 0.5) starts.push(time);
    });
  }
  const ramps = starts.map((at) => ({
    at,
    size: (sky.whitePpm / 1e6) * sizeInNoise * (0.4 * random.normal() + 0.8),
    lengthDays: logBetween(random, 0.1, 1),
  }));
  return (times) =>
    times.map((time) =>
      ramps.reduce((flux, { at, size, lengthDays }) => {
        const x = (time - at) / lengthDays;
        return x < 0 || x > 12 ? flux : flux - size * Math.exp(-x);
      }, 1),
    );
}

/** What any star may have, a planet's as much as any other. */
function nuisancesOf(random, sky) {
  const nuisances = [];
  if (happens(random, 0.25)) {
    const periodDays = logBetween(random, 3, 45);
    const amplitude = logBetween(random, 3e-4, 1e-2);
    const [first, second] = [periodDays, periodDays / 2].map((days, k) =>
      toneOf(random, days, amplitude * (k ? between(random, 0, 0.5) : 1)),
    );
    nuisances.push((times) => times.map((time) => 1 + first(time) + second(time)));
  }
  if (happens(random, 0.15)) {
    const start = sky.times[0][0];
    const events = Array.from({ length: 1 + random.integer(3) }, () => ({
      at: start + sky.spanDays * random.uniform(),
      size: (sky.whitePpm / 1e6) * logBetween(random, 1, 15),
      lengthDays: logBetween(random, 0.1, 2),
      shape: 0,
    }));
    nuisances.push((times) =>
      times.map((time) => events.reduce((flux, event) => flux * eventFlux(event, time), 1)),
    );
  }
  if (happens(random, 0.1)) nuisances.push(rampsOf(random, sky, logBetween(random, 0.5, 5)));
  return nuisances;
}
