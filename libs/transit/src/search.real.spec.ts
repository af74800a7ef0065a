/**
 * The search, untuned, on the real light curves at hand: every planet that a blind box search with
 * astropy recovers in them is found, and every eclipsing binary at its own period. Prints a line per
 * known signal: SNR, period, and the seconds of the whole curve.
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLightCurve } from './io/index.js';
import { prepare } from './prepare.js';
import { DEFAULT_PARAMS } from './detect.js';
import { search } from './search.js';
import type { Segment, Signal } from './types.js';

interface KnownSignal {
  readonly name: string;
  readonly period_days: number;
  readonly first_transit_in_data: number | null;
  readonly duration_hours: number | null;
  readonly bls_check?: { readonly method: string };
}

interface KnownTarget {
  readonly target: string;
  readonly label: string;
  readonly files: readonly string[];
  readonly planets: readonly KnownSignal[];
  /** Eclipses of binaries. */
  readonly signals: readonly KnownSignal[];
}

const folder = resolve(process.env.LIGHTFOLD_DATA ?? '../shared/data');
const list = resolve(folder, 'targets.json');
const isHere = existsSync(list);
if (!isHere) {
  process.stdout.write(`search.real: skipped, no light curves at ${folder} (LIGHTFOLD_DATA)\n`);
}
const targets = isHere ? (JSON.parse(readFileSync(list, 'utf8')) as KnownTarget[]) : [];

async function read(target: KnownTarget): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const file of target.files) {
    const stream = createReadStream(resolve(folder, file));
    const { segment, issues } = await readLightCurve({ filename: file, stream });
    expect(segment, `${file}: ${JSON.stringify(issues)}`).not.toBeNull();
    segments.push(segment!);
  }
  return segments;
}

async function searchTarget(target: KnownTarget) {
  const segments = await read(target);
  const started = process.cpuUsage();
  const { detrended, star, detrending } = prepare(segments, DEFAULT_PARAMS);
  const { rounds } = search(detrended, star, {
    ...DEFAULT_PARAMS,
    windowDays: detrending.windowDays,
  });
  const seconds = process.cpuUsage(started).user / 1e6;
  const signals = rounds.flatMap(({ signal }) => (signal ? [signal] : []));
  return { signals, seconds, points: detrended.timeDays.length };
}

/** The period within 1 %, and a mid-time within half a transit of the first one in the data. */
function isSame(signal: Signal, known: KnownSignal): boolean {
  if (!(Math.abs(signal.periodDays / known.period_days - 1) < 0.01)) return false;
  if (known.first_transit_in_data === null) return true;
  const cycles = (known.first_transit_in_data - signal.t0Days) / signal.periodDays;
  const offHours = 24 * Math.abs(cycles - Math.round(cycles)) * signal.periodDays;
  return offHours < 0.5 * (known.duration_hours ?? signal.durationHours);
}

function print(target: KnownTarget, known: KnownSignal, signals: Signal[], seconds: number) {
  const found = signals.find((signal) => isSame(signal, known));
  const text = found
    ? `${found.periodDays.toFixed(5)} d  SNR ${found.snr.toFixed(1)}`
    : known.bls_check?.method === 'blind BLS'
      ? 'MISSED'
      : 'not found, nor by a blind box search';
  const name = `${target.target.slice(0, 24).padEnd(25)}${known.name.padEnd(22)}`;
  process.stdout.write(`${name}${known.period_days} d -> ${text}  (${seconds.toFixed(1)} s)\n`);
}

const byLabel = (label: string) => targets.filter((target) => target.label === label);
const minutes = (count: number) => count * 60_000;

describe.skipIf(!isHere)('the search on real curves', () => {
  it.each(byLabel('planet').map((target) => ({ name: target.target, target })))(
    'B.48 finds the planets of $name',
    async ({ target }) => {
      const { signals, seconds } = await searchTarget(target);
      for (const known of target.planets) print(target, known, signals, seconds);
      const blind = target.planets.filter(({ bls_check: check }) => check?.method === 'blind BLS');
      for (const known of blind) {
        expect(
          signals.some((signal) => isSame(signal, known)),
          known.name,
        ).toBe(true);
      }
    },
    minutes(2),
  );

  it.each(byLabel('eclipsing_binary').map((target) => ({ name: target.target, target })))(
    'finds the binary $name at its own period, once, with a sentence on half of it',
    async ({ target }) => {
      const { signals, seconds } = await searchTarget(target);
      const [known] = target.signals;
      print(target, known, signals, seconds);
      expect(isSame(signals[0], known)).toBe(true);
      const half = signals[0].aliases.find(({ ratio }) => ratio === 0.5)!;
      expect(half.verdict).toMatch(/outside of|mixes dips|expects dips/);
      const repeats = signals.filter(({ periodDays }) => Number.isFinite(periodDays));
      expect(repeats).toHaveLength(1);
    },
    minutes(2),
  );

  it.each(byLabel('quiet').map((target) => ({ name: target.target, target })))(
    'finds at most one thing that repeats in $name, which has no known planet',
    async ({ target }) => {
      const { signals, points } = await searchTarget(target);
      const repeats = signals.filter(({ periodDays }) => Number.isFinite(periodDays));
      const texts = signals.map(({ periodDays, snr }) => `${periodDays} d SNR ${snr.toFixed(1)}`);
      process.stdout.write(
        `${target.target}: ${points} points, ${texts.join(', ') || 'nothing'}\n`,
      );
      expect(repeats.length).toBeLessThanOrEqual(1);
    },
    minutes(1),
  );

  it('reports the two deep single transits of Kepler-90 as what they are', async () => {
    const { signals } = await searchTarget(targets.find(({ target }) => /Kepler-90/.test(target))!);
    const singles = signals.filter(({ transitsObserved }) => transitsObserved === 1);
    expect(singles).toHaveLength(2);
    for (const { periodDays } of singles) expect(periodDays).toBeNaN();
    // g and h, from the catalogue's ephemerides
    const times = singles.map(({ t0Days }) => t0Days).sort((a, b) => a - b);
    expect(Math.abs(times[0] - 357.658)).toBeLessThan(0.2);
    expect(Math.abs(times[1] - 472.096)).toBeLessThan(0.2);
  });
});
