/**
 * Simulated stars, searched as the pipeline searches, and the views of what it found.
 *
 *   node training/transit-cnn/examples.mjs --seed 101 --stars 1000 --out .lightfold/transit-cnn/training
 *
 * Writes FILE.f32 (examples x 784 float32, little-endian) and FILE.json (what each of them is).
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DEFAULT_PARAMS, findCandidates, transitDurationHours } from '#transit';
import { featuresOf, writeRows } from './rows.mjs';
import { starOf } from './stars.mjs';

/** A signal has so many; what comes after is mostly what an earlier one left. */
const PARAMS = { ...DEFAULT_PARAMS, maxPlanets: 3 };
const SAME_PERIOD = 0.01;

/** One entry a candidate: `features` (784,), `label`, `kind` and what was measured. */
export function examplesOf(seed, number) {
  const star = starOf(seed, number);
  return findCandidates(star.segments, PARAMS).map(({ curve, signal }) => {
    const kind = kindOf(star, signal, curve);
    return {
      features: featuresOf(curve, signal),
      star: number,
      label: kind === 'planet' ? 'planet' : 'false_positive',
      kind,
      instrument: star.instrument,
      periodDays: Number.isFinite(signal.periodDays) ? signal.periodDays : null,
      durationHours: signal.durationHours,
      depthPpm: signal.depthPpm,
      snr: signal.snr,
      transits: signal.transitsObserved,
    };
  });
}

/** A planet is what has an injected one's period and epoch; a single event has its epoch only. */
export function kindOf({ kind, planets }, signal, { timeDays }) {
  if (planets.length === 0) return kind === 'planet' ? 'beside_planet' : kind;
  const last = timeDays[timeDays.length - 1];
  for (const planet of planets) {
    const lateness = (time) => {
      const cycles = (time - planet.t0Days) / planet.periodDays;
      return 24 * Math.abs(cycles - Math.round(cycles)) * planet.periodDays;
    };
    const tolerance = transitDurationHours(planet) / 2;
    if (lateness(signal.t0Days) > tolerance) continue;
    if (Number.isNaN(signal.periodDays)) return 'planet';
    const isSame = Math.abs(signal.periodDays / planet.periodDays - 1) < SAME_PERIOD;
    const cycles = Math.floor((last - signal.t0Days) / signal.periodDays);
    const end = lateness(signal.t0Days + cycles * signal.periodDays);
    return isSame && end <= tolerance ? 'planet' : 'planet_alias';
  }
  return 'beside_planet';
}

function main() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      stars: { type: 'string' },
      from: { type: 'string', default: '0' },
      out: { type: 'string' },
    },
  });
  const [seed, stars, from] = [values.seed, values.stars, values.from].map(Number);
  if (!(seed >= 0 && stars > 0 && from >= 0 && values.out)) {
    throw new RangeError('--seed, --stars and --out are needed');
  }
  const started = performance.now();
  const found = [];
  for (let number = from; number < from + stars; number++) {
    found.push(...examplesOf(seed, number));
    if ((number - from + 1) % 200 === 0) {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(`${number - from + 1} stars, ${found.length} examples, ${seconds} s\n`);
    }
  }
  writeRows(values.out, found, { seed, from, stars });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main();
