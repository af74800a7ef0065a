/**
 * The pipeline, untuned, on every real light curve at hand: easy planets are found and not rejected;
 * nothing that is no planet is accepted. Prints one line per candidate.
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detect } from './detect.js';
import { readLightCurve } from './io/index.js';
import type { CandidateResult, Segment, TargetResult } from './types.js';

interface KnownPlanet {
  readonly name: string;
  readonly period_days: number;
  readonly first_transit_in_data?: number | null;
  readonly duration_hours: number | null;
}

interface KnownTarget {
  readonly target: string;
  readonly label: 'planet' | 'quiet' | 'eclipsing_binary' | 'false_positive';
  readonly files: readonly string[];
  readonly difficulty: string;
  readonly planets?: readonly KnownPlanet[];
}

const folder = resolve(process.env.LIGHTFOLD_DATA ?? '../shared/data');
const list = resolve(folder, 'targets.json');
const isHere = existsSync(list);
if (!isHere) {
  process.stdout.write(`detect.real: skipped, no light curves at ${folder} (LIGHTFOLD_DATA)\n`);
}
const targets = isHere ? (JSON.parse(readFileSync(list, 'utf8')) as KnownTarget[]) : [];

async function read(target: KnownTarget): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const file of target.files) {
    const { segment, issues } = await readLightCurve({
      filename: file,
      stream: createReadStream(resolve(folder, file)),
    });
    expect(segment, `${file}: ${JSON.stringify(issues)}`).not.toBeNull();
    segments.push(segment!);
  }
  return segments;
}

/** Period within 1 %, and middles within half a transit of each other over the whole baseline. */
function isSame(candidate: CandidateResult, planet: KnownPlanet): boolean {
  const { periodDays, t0Days } = candidate.signal;
  if (!(Math.abs(periodDays / planet.period_days - 1) < 0.01)) return false;
  const first = planet.first_transit_in_data;
  if (first === undefined || first === null) return true;
  const cycles = (t0Days - first) / planet.period_days;
  const missedHours = 24 * Math.abs(cycles - Math.round(cycles)) * planet.period_days;
  return missedHours < 0.5 * (planet.duration_hours ?? candidate.signal.durationHours);
}

function print(target: KnownTarget, result: TargetResult, seconds: number): void {
  const found = result.candidates.map((candidate) => {
    const { signal, decision } = candidate;
    const planet = target.planets?.find((known) => isSame(candidate, known));
    const period = Number.isFinite(signal.periodDays) ? signal.periodDays.toFixed(5) : 'single';
    return `    ${period.padStart(11)} d  ${(planet?.name ?? '-').padEnd(15)} SNR ${signal.snr.toFixed(1).padStart(6)}  p ${candidate.classification.probability.toFixed(2)}  ${decision.action.padEnd(12)} ${decision.reasons[0]}\n`;
  });
  const known = target.planets?.map(({ name }) => name).join(', ') || target.label;
  process.stdout.write(
    `${target.target} [${known}] ${seconds.toFixed(1)} s\n${found.join('') || '    nothing\n'}`,
  );
}

async function run(target: KnownTarget): Promise<TargetResult> {
  const segments = await read(target);
  const started = performance.now();
  const result = detect(segments);
  print(target, result, (performance.now() - started) / 1000);
  return result;
}

const named = (label: string) => targets.filter((target) => target.label === label);
const accepted = (result: TargetResult) =>
  result.candidates.filter(({ decision }) => decision.action === 'accept');

describe.skipIf(!isHere)('detect on real light curves', { timeout: 300_000 }, () => {
  it.each(named('planet').map((target) => [target.target, target] as const))(
    'B.46 finds the planets of %s',
    async (_, target) => {
      const result = await run(target);
      if (target.difficulty.includes('easy')) {
        const [easiest] = target.planets!;
        const found = result.candidates.find((candidate) => isSame(candidate, easiest));
        expect(found, `${easiest.name} was not found`).toBeDefined();
        expect(found!.decision.action, found!.decision.reasons.join(' ')).not.toBe('reject');
      }
      // What is accepted on a planet's star is a known planet.
      for (const candidate of accepted(result)) {
        const planet = target.planets!.find((known) => isSame(candidate, known));
        expect(planet, `${candidate.signal.periodDays} d was accepted`).toBeDefined();
      }
    },
  );

  it.each(
    ['eclipsing_binary', 'false_positive', 'quiet']
      .flatMap(named)
      .map((target) => [target.target, target] as const),
  )('B.46 accepts nothing of %s', async (_, target) => {
    const result = await run(target);
    expect(accepted(result).map(({ signal }) => signal.periodDays)).toEqual([]);
    // An eclipsing binary is found, and refused for what it is.
    if (target.label === 'eclipsing_binary') {
      expect(result.candidates[0].decision.action).toBe('reject');
    }
  });
});
