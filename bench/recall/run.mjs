/**
 * `npm run bench -- recall`: which share of hidden planets is found at equal false alarms.
 *
 *   --workload NAME   one of workloads.mjs; may be repeated. Default: all that have peers
 *   --curves N        null curves and injected curves each. Default 200; the long form is 1000
 *   --nulls N         other than --curves
 *   --save NAME       keeps our answers under this name, to compare a later search with
 *   --against NAME    compares with answers that were saved, curve by curve
 *   --no-peers        judges only against what is saved
 *   --keep            keeps the answers of the peers in the repository (recall/answers)
 *
 * Answers of peers are cached, so a second run only searches with ours.
 */
import { parseArgs } from 'node:util';
import { writeResult } from '../results.mjs';
import { injectedCurve, nullCurve } from '../workloads/curve.mjs';
import { workloadNamed } from '../workloads/workloads.mjs';
import { openCache } from './cache.mjs';
import { compare } from './compare.mjs';
import { METHODS, PEERS_OF } from './methods.mjs';
import { showTable } from './table.mjs';

/** Fewer curves than this are a look, not a result: they are shown and not written. */
const LEAST_FOR_RESULT = 200;

export async function recall(words, say) {
  const { values } = parseArgs({
    args: words,
    options: {
      workload: { type: 'string', multiple: true },
      curves: { type: 'string', default: '200' },
      nulls: { type: 'string' },
      save: { type: 'string' },
      against: { type: 'string', multiple: true, default: [] },
      'no-peers': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const injected = count('curves', values.curves);
  const nulls = count('nulls', values.nulls ?? values.curves);
  for (const name of values.workload ?? Object.keys(PEERS_OF)) {
    const workload = workloadNamed(name);
    const answers = {
      ours: await answersOf('ours', workload, { nulls, injected, save: values.save, say }),
    };
    for (const saved of values.against) {
      answers[saved] = readSaved(saved, workload, { nulls, injected });
    }
    for (const peer of values['no-peers'] ? [] : PEERS_OF[name]) {
      const found = await answersOf(peer, workload, { nulls, injected, keep: values.keep, say });
      if (found) answers[peer] = found;
    }
    const truth = Array.from({ length: injected }, (_, i) => injectedCurve(workload, i).planet);
    const result = compare(workload, answers, truth);
    process.stdout.write(`${showTable(result)}\n`);
    const isResult = Math.min(nulls, injected) >= LEAST_FOR_RESULT && values.against.length === 0;
    if (isResult && Object.keys(answers).length > 1) await writeResult(`recall-${name}`, result);
  }
}

function count(name, text) {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 20)) {
    throw new RangeError(`--${name} must be a whole number from 20, not ${text}`);
  }
  return value;
}

/** @returns null where the method cannot be had */
async function answersOf(methodName, workload, { nulls, injected, save, keep, say }) {
  const method = METHODS[methodName];
  const cache =
    method.definition && openCache(workload, method.cachedAs ?? methodName, method.definition);
  const saved = save && openCache(workload, `saved-${save}`);
  let process = null;
  let seconds = 0;
  const answerTo = async (kind, number) => {
    const known = cache?.find(kind, number);
    if (known) return known;
    if (!process) {
      process = await method.start(say);
      if (!process) return null;
      if (process.versions && !cache.find('versions', 0)) {
        cache.store('versions', 0, process.versions);
      }
    }
    const { curve, planet } =
      kind === 'null' ? { curve: nullCurve(workload, number) } : injectedCurve(workload, number);
    const started = performance.now();
    const answer = await process.answer(curve, workload, planet);
    seconds += (performance.now() - started) / 1000;
    cache?.store(kind, number, answer);
    saved?.store(kind, number, answer);
    return answer;
  };
  const progress = progressOf(`${workload.name} ${method.title}`, nulls + injected, say);
  const all = async (kind, many) => {
    const answers = [];
    for (let i = 0; i < many; i++) {
      const answer = await answerTo(kind, i);
      if (!answer) return null;
      answers.push(method.pick?.(answer) ?? answer);
      progress();
    }
    return answers;
  };
  try {
    const ofNulls = await all('null', nulls);
    const ofInjected = ofNulls && (await all('injected', injected));
    if (!ofInjected) return null;
    if (keep) cache?.keep();
    const versions = cache?.find('versions', 0) ?? {};
    return { title: method.title, versions, nulls: ofNulls, injected: ofInjected, seconds };
  } finally {
    process?.stop();
  }
}

function readSaved(name, workload, { nulls, injected }) {
  const cache = openCache(workload, `saved-${name}`);
  const read = (kind, many) =>
    Array.from({ length: many }, (_, i) => {
      const answer = cache.find(kind, i);
      if (!answer) {
        throw new Error(
          `"${name}" has no ${kind} curve ${i} of ${workload.name}: run it with --save ${name} first.`,
        );
      }
      return answer;
    });
  return { title: name, nulls: read('null', nulls), injected: read('injected', injected) };
}

function progressOf(what, total, say) {
  let done = 0;
  let last = performance.now();
  return () => {
    done++;
    if (performance.now() - last < 15_000 && done < total) return;
    last = performance.now();
    say(`${what}: ${done} of ${total} curves`);
  };
}
