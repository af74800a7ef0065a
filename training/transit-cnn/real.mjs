/**
 * The real light curves whose labels are known, searched as the pipeline searches, and the views of what
 * was found. None of them is trained on, calibrated on or chosen by.
 *
 *   node training/transit-cnn/real.mjs --data ../shared/data --out .lightfold/transit-cnn/real
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_PARAMS, findCandidates } from '#transit';
import { readLightCurve } from '#transit/io';
import { featuresOf, writeRows } from './rows.mjs';

const SAME_PERIOD = 0.01;

/** Period within 1 % and epoch within half a transit; a single event has its epoch only. */
function isPlanet({ periodDays, t0Days, durationHours }, planet) {
  const isSingle = Number.isNaN(periodDays);
  if (!isSingle && !(Math.abs(periodDays / planet.period_days - 1) < SAME_PERIOD)) return false;
  const first = planet.first_transit_in_data ?? null;
  if (first === null) return !isSingle;
  const cycles = (t0Days - first) / planet.period_days;
  const missedHours = 24 * Math.abs(cycles - Math.round(cycles)) * planet.period_days;
  return missedHours < 0.5 * (planet.duration_hours ?? durationHours);
}

async function main() {
  const { values } = parseArgs({
    options: { data: { type: 'string', default: '../shared/data' }, out: { type: 'string' } },
  });
  if (!values.out) throw new RangeError('--out is needed');
  const list = resolve(values.data, 'targets.json');
  if (!existsSync(list)) {
    process.stderr.write(
      `There are no real light curves at ${values.data} (--data): nothing done\n`,
    );
    process.exitCode = 1;
    return;
  }
  const found = [];
  for (const target of JSON.parse(readFileSync(list, 'utf8'))) {
    const segments = [];
    for (const file of target.files) {
      const stream = createReadStream(resolve(values.data, file));
      const { segment, issues } = await readLightCurve({ filename: file, stream });
      if (!segment) throw new Error(`${file}: ${JSON.stringify(issues)}`);
      segments.push(segment);
    }
    const started = performance.now();
    const candidates = findCandidates(segments, DEFAULT_PARAMS);
    for (const { curve, signal } of candidates) {
      // A planet of days passes near any moment: an event alone belongs to the longest period that fits.
      const [planet] = (target.planets ?? [])
        .filter((known) => isPlanet(signal, known))
        .sort((a, b) => b.period_days - a.period_days);
      found.push({
        features: featuresOf(curve, signal),
        target: target.target,
        kind: target.label,
        planet: planet?.name ?? null,
        label: planet ? 'planet' : 'false_positive',
        periodDays: Number.isFinite(signal.periodDays) ? signal.periodDays : null,
        snr: signal.snr,
        transits: signal.transitsObserved,
      });
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stderr.write(`${target.target}: ${candidates.length} candidates, ${seconds} s\n`);
  }
  writeRows(values.out, found, { data: 'real' });
}

await main();
