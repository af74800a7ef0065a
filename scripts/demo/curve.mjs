/**
 * The light curve of the demo: two quarters of a quiet, slowly turning star as Kepler would have
 * seen it, with two planets. The same bytes every time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../setup/root.mjs';

export const PLANETS = [
  { periodDays: 8.43712, t0Days: 172.316, radiusRatio: 0.0312, impact: 0.28 },
  { periodDays: 21.63045, t0Days: 180.842, radiusRatio: 0.0247, impact: 0.41 },
];

const SEED = 20_090_513;
const KEPLER_OFFSET_DAYS = 2_454_833; // BKJD = BJD - 2454833
const CADENCE_DAYS = 0.0204336;
const QUARTERS = [
  { label: 'Q1', from: 170.5, to: 259.8 },
  { label: 'Q2', from: 263.2, to: 352.4 },
];
const DOWNLINK_DAYS = 1.1; // once a month the spacecraft turns to the Earth
const MISSING_SHARE = 0.004;
const WHITE_PPM = 130;
const RED_PPM = 45;
const RED_MEMORY_DAYS = 0.25;
const ROTATION = { periodDays: 19.7, ppm: 1800 };
const ELECTRONS_PER_SECOND = 21_480;
const STAR = {
  radiusSun: 0.94,
  massSun: 0.96,
  effectiveTemperatureK: 5560,
  logg: 4.47,
  metallicity: -0.05,
  magnitude: 13.2,
};
const DENSITY_SUN_CGS = 1.41;
const LIMB_DARKENING = [0.43, 0.21]; // a Sun-like star in Kepler's band

/** Writes one FITS file a quarter into the folder; answers their paths. */
export async function writeDemoCurve(folder) {
  const { transitFlux, axisRatioFromDensity } = await import('#transit');
  const { writeFits } = await import('#transit/io');
  const randomModule = join(ROOT, 'dist/libs/transit/src/random.js');
  const { seededRandom } = await import(pathToFileURL(randomModule).href);
  const random = seededRandom(SEED);
  const density = (DENSITY_SUN_CGS * STAR.massSun) / STAR.radiusSun ** 3;

  mkdirSync(folder, { recursive: true });
  return QUARTERS.map(({ label, from, to }, quarter) => {
    const timeDays = cadences(from, to, random);
    const flux = starlight(timeDays, random);
    for (const planet of PLANETS) {
      const model = {
        ...planet,
        axisRatio: axisRatioFromDensity(planet.periodDays, density),
        limbDarkening: LIMB_DARKENING,
      };
      const seen = transitFlux(model, timeDays, CADENCE_DAYS);
      for (let i = 0; i < flux.length; i += 1) flux[i] *= seen[i];
    }
    // Each quarter falls on other pixels, which keep another part of the light.
    const level = ELECTRONS_PER_SECOND * (1 + 0.013 * quarter);
    const segment = {
      target: 'KIC 100000001',
      mission: 'Kepler',
      label,
      timeSystem: 'BKJD',
      timeOffsetDays: KEPLER_OFFSET_DAYS,
      timeDays,
      flux: flux.map((value) => value * level),
      fluxError: new Float64Array(flux.length).fill(WHITE_PPM * 1e-6 * level),
      flagged: null,
      exposureDays: CADENCE_DAYS,
      fluxColumn: 'PDCSAP_FLUX',
      star: STAR,
    };
    const file = join(folder, `simulated-star-${label.toLowerCase()}.fits`);
    writeFileSync(file, writeFits(segment, { origin: 'Lightfold, simulated' }));
    return file;
  });
}

function cadences(from, to, random) {
  const month = (to - from) / 3;
  const times = [];
  for (let time = from; time < to; time += CADENCE_DAYS) {
    const isDownlink = (time - from) % month > month - DOWNLINK_DAYS;
    if (!isDownlink && random.uniform() > MISSING_SHARE) times.push(time);
  }
  return Float64Array.from(times);
}

/** White noise, noise with memory, and the spots of a star that turns. */
function starlight(timeDays, random) {
  const flux = new Float64Array(timeDays.length);
  let red = random.normal() * RED_PPM;
  for (let i = 0; i < flux.length; i += 1) {
    const step = i === 0 ? 0 : timeDays[i] - timeDays[i - 1];
    const kept = Math.exp(-step / RED_MEMORY_DAYS);
    red = red * kept + random.normal() * RED_PPM * Math.sqrt(1 - kept * kept);
    const phase = (2 * Math.PI * timeDays[i]) / ROTATION.periodDays;
    const spots = ROTATION.ppm * (Math.sin(phase) + 0.4 * Math.sin(2 * phase + 1.1));
    flux[i] = 1 + (spots + red + random.normal() * WHITE_PPM) * 1e-6;
  }
  return flux;
}
