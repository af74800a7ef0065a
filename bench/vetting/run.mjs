/**
 * `npm run bench -- vetting`: completeness and reliability of the whole chain.
 *
 *   --part NAME      training, validation or heldOut. Default heldOut; only that is written as a result
 *   --planets N      curves with a planet. Default 200; the long form is 800
 *   --binaries N     curves with an eclipsing binary. Default 100; the long form is 400
 *   --nulls N        curves of each of the three sets without either. Default 100; long 1000
 *   --curves         writes the curves that justify the thresholds (training part only)
 *   --answers FILE   also writes what the chain said of each candidate, as JSON
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { THRESHOLDS, VETTING_VERSION, DEFAULT_POLICY } from '#transit';
import { writeResult } from '../results.mjs';
import { judge } from './judge.mjs';
import { curveOf, PARTS, PLANETS, SETS } from './population.mjs';
import { score, tableOf } from './score.mjs';
import { showResult } from './section.mjs';
import { writeThresholdCurves } from './thresholds.mjs';

/** Fewer planets than this are a look, not a result: they are shown and not written. */
const LEAST_FOR_RESULT = 400;

export const SNR_EDGES = [7, 8, 9, 10, 12, 15, 20, 30];
export const PERIOD_EDGES = [0.6, 2, 5, 12, 30, 100];

export async function vetting(words, say) {
  const { values } = parseArgs({
    args: words,
    options: {
      part: { type: 'string', default: 'heldOut' },
      planets: { type: 'string', default: '200' },
      binaries: { type: 'string', default: '100' },
      nulls: { type: 'string', default: '100' },
      curves: { type: 'boolean', default: false },
      answers: { type: 'string' },
    },
  });
  if (!(values.part in PARTS)) {
    throw new RangeError(
      `--part must be one of ${Object.keys(PARTS).join(', ')}, not ${values.part}`,
    );
  }
  if (values.curves && values.part !== 'training') {
    throw new RangeError(
      '--curves needs --part training: thresholds are not chosen on the held-out part',
    );
  }
  const many = {
    planet: count('planets', values.planets),
    binary: count('binaries', values.binaries),
    noise: count('nulls', values.nulls),
    inverted: count('nulls', values.nulls),
    scrambled: count('nulls', values.nulls),
  };
  const started = process.cpuUsage();
  const answers = {};
  for (const [set, curves] of Object.entries(many)) {
    answers[set] = [];
    let last = performance.now();
    for (let number = 0; number < curves; number++) {
      answers[set].push(judge(curveOf(values.part, set, number)));
      if (performance.now() - last < 15_000) continue;
      last = performance.now();
      say(`${set}: ${number + 1} of ${curves} curves`);
    }
  }
  const { user, system } = process.cpuUsage(started);
  if (values.answers) writeFileSync(values.answers, JSON.stringify(answers));
  if (values.curves) await writeThresholdCurves(answers);
  const result = resultOf(answers, values.part, (user + system) / 1e6);
  process.stdout.write(`${showResult(result)}\n`);
  if (values.part === 'heldOut' && many.planet >= LEAST_FOR_RESULT) {
    await writeResult('vetting', result);
  }
}

export function resultOf(answers, part, cpuSeconds) {
  return {
    part,
    vetting: VETTING_VERSION,
    policy: DEFAULT_POLICY.name,
    thresholds: THRESHOLDS,
    planets: PLANETS,
    sets: SETS,
    cpuSeconds,
    ...score(answers, SETS),
    notRejected: score(answers, SETS, ({ action }) => action !== 'reject'),
    binariesByKind: byKind(answers.binary),
    snrEdges: SNR_EDGES,
    periodEdges: PERIOD_EDGES,
    table: tableOf(
      answers.planet,
      SNR_EDGES,
      PERIOD_EDGES,
      ({ isTrue, action }) => isTrue && action === 'accept',
    ),
    lost: lossesOf(answers.planet),
  };
}

/** Where planets are lost: by the search, by a rejection, or in the queue of a human. */
function lossesOf(planets) {
  const losses = { notFound: 0, rejected: 0, humanReview: 0 };
  for (const { candidates } of planets) {
    const found = candidates.find(({ isTrue }) => isTrue);
    if (!found) losses.notFound++;
    else if (found.action === 'reject') losses.rejected++;
    else if (found.action === 'human_review') losses.humanReview++;
  }
  return losses;
}

function byKind(binaries) {
  const kinds = {};
  for (const { kind, candidates } of binaries) {
    kinds[kind] ??= { curves: 0, found: 0, accepted: 0 };
    kinds[kind].curves++;
    if (candidates.length > 0) kinds[kind].found++;
    if (candidates.some(({ action }) => action === 'accept')) kinds[kind].accepted++;
  }
  return kinds;
}

function count(name, text) {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1)) {
    throw new RangeError(`--${name} must be a whole number from 1, not ${text}`);
  }
  return value;
}
