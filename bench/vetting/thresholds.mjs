/**
 * The curves that justify thresholds, on the training part: what would be lost and caught if a line
 * were drawn elsewhere. For the policy, completeness and reliability of the whole; for a test, the
 * share of planets, of binaries and of false alarms on whose side of the line it would fire.
 *
 * Written as one JSON and one SVG each to docs/vetting/.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decide, DEFAULT_POLICY, THRESHOLDS, VETTING_VERSION } from '#transit';
import { formatted } from '../results.mjs';
import { SETS } from './population.mjs';
import { score } from './score.mjs';
import { lineChart } from './line-chart.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/vetting/', import.meta.url));

const range = (from, to, steps) =>
  Array.from({ length: steps + 1 }, (_, k) =>
    Number((from + ((to - from) * k) / steps).toPrecision(6)),
  );

const POLICY = {
  acceptSnr: { values: range(7.1, 10, 29), label: 'SNR from which a candidate may be accepted' },
  acceptSde: { values: range(3, 10, 28), label: 'SDE from which a weak candidate may be accepted' },
  acceptProbability: { values: range(0.05, 0.95, 18), label: 'probability that is needed' },
  acceptFalseAlarm: {
    values: [0, ...range(0.005, 0.05, 9), ...range(0.06, 0.7, 32)],
    label: 'false-alarm probability up to which a candidate may be accepted',
  },
};

/** `fires` says on which side of the line; the other conditions of a test are left out. */
const TESTS = {
  v_shape: { values: range(-20, 40, 60), fires: 'above', at: THRESHOLDS.vShape },
  uniqueness: { values: range(0.5, 4, 35), fires: 'below', at: THRESHOLDS.uniqueness },
  single_event: { values: range(0.3, 1, 35), fires: 'above', at: THRESHOLDS.singleEvent },
  steps: { values: range(0.02, 1, 49), fires: 'above', at: THRESHOLDS.steps },
  gaps: { values: range(0.02, 1, 49), fires: 'above', at: THRESHOLDS.gaps },
  negative_events: { values: range(0.02, 1.5, 37), fires: 'above', at: THRESHOLDS.negativeEvents },
  chases: { values: range(0.05, 1, 38), fires: 'below', at: THRESHOLDS.chases },
  good_transits: { values: range(2, 10, 32), fires: 'below', at: THRESHOLDS.goodSnr },
  sine_shape: { values: range(0.05, 2, 39), fires: 'above', at: THRESHOLDS.sineShape },
  epoch_drift: { values: range(0.02, 1.5, 37), fires: 'above', at: THRESHOLDS.epochDrift },
  depth_mean_median: { values: range(0.8, 3, 44), fires: 'above', at: THRESHOLDS.meanOverMedian },
  odd_even: { values: range(1, 10, 36), fires: 'above', at: THRESHOLDS.oddEvenSigma },
  odd_even_timing: { values: range(1, 10, 36), fires: 'above', at: THRESHOLDS.oddEvenTimingSigma },
  secondary: { values: range(2, 15, 39), fires: 'above', at: THRESHOLDS.secondarySigma },
  asymmetry: { values: range(1, 10, 36), fires: 'above', at: THRESHOLDS.asymmetrySigma },
};

/** @param answers set -> answers of judge(), with the evidence */
export async function writeThresholdCurves(answers) {
  const policy = Object.entries(POLICY).map(([name, { values, label }]) => ({
    name,
    label,
    chosen: DEFAULT_POLICY[name],
    points: values.map((value) => {
      const { completeness, reliability } = score(answers, SETS, acceptedBy({ [name]: value }));
      return { value, completeness, reliability };
    }),
  }));
  const groups = groupsOf(answers);
  const tests = Object.entries(TESTS).map(([test, { values, fires, at }]) => ({
    name: test,
    fires,
    chosen: at,
    computable: Object.fromEntries(
      Object.entries(groups).map(([group, candidates]) => [
        group,
        valuesOf(candidates, test).length,
      ]),
    ),
    points: values.map((value) => ({
      value,
      ...Object.fromEntries(
        Object.entries(groups).map(([group, candidates]) => {
          const measured = valuesOf(candidates, test);
          const fired = measured.filter((own) => (fires === 'above' ? own > value : own < value));
          return [group, measured.length ? fired.length / measured.length : 0];
        }),
      ),
    })),
  }));
  mkdirSync(FOLDER, { recursive: true });
  const curves = Object.fromEntries(
    Object.entries(answers).map(([set, { length }]) => [set, length]),
  );
  const facts = { vetting: VETTING_VERSION, policy: DEFAULT_POLICY.name, part: 'training', curves };
  const text = JSON.stringify({ ...facts, policyCurves: policy, testCurves: tests });
  writeFileSync(join(FOLDER, 'thresholds.json'), await formatted(text, 'json'));
  for (const { name, label, chosen, points } of policy) {
    const lines = ['completeness', 'reliability'];
    writeFileSync(join(FOLDER, `${name}.svg`), lineChart({ title: label, lines, chosen, points }));
  }
  for (const { name, fires, chosen, points } of tests) {
    const title = `${name}: part of each group ${fires} the line`;
    const lines = Object.keys(groups);
    writeFileSync(join(FOLDER, `${name}.svg`), lineChart({ title, lines, chosen, points }));
  }
}

/** Decides again from the kept evidence, by another policy. */
export function acceptedBy(change) {
  const policy = { ...DEFAULT_POLICY, ...change };
  return ({ signal, fit, vetting, classification, falseAlarmProbability }) =>
    decide(
      {
        signal: { ...signal, periodDays: signal.periodDays ?? NaN },
        fit,
        vetting,
        classification,
        falseAlarmProbability,
      },
      policy,
    ).action === 'accept';
}

function groupsOf(answers) {
  const of = (...sets) =>
    sets.flatMap((set) => answers[set].flatMap(({ candidates }) => candidates));
  return {
    planets: of('planet').filter(({ isTrue }) => isTrue),
    binaries: of('binary'),
    'false alarms': of('noise', 'inverted', 'scrambled'),
  };
}

function valuesOf(candidates, name) {
  return candidates
    .map(({ vetting }) => vetting.find(({ test }) => test === name).value)
    .filter((value) => value !== null);
}
