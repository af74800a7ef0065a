/**
 * `npm run bench -- learning`: our models beside scikit-learn's, on the same rows, split alike, with
 * the same parameters, one thread each, in turns.
 *
 *   --rounds N    default 5; each has its own seed, for the rows and the model
 *   --table NAME  only this one: breast cancer, three classes, friedman 1, koi
 *   --model NAME  only this one
 *
 * The KOI table is read where LIGHTFOLD_DATA has it (../shared/data by default), else left out.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { classificationReport, fitModel, rSquared } from '#learning';
import { startPeer } from '../peers/python.mjs';
import { writeResult } from '../results.mjs';
import { median, ratioOfRounds } from '../statistics.mjs';
import { showLearning } from './tables.mjs';

const KOI = 'catalogs/koi_cumulative_2025-10-04.csv.gz';
const FORESTS = ['random_forest', 'extra_trees'];
const TREES = [...FORESTS, 'gradient_boosting'];
const TABLES = [
  { name: 'breast cancer', models: [...TREES, 'logistic_regression', 'k_nearest'] },
  { name: 'three classes', models: [...TREES, 'logistic_regression', 'k_nearest'] },
  { name: 'friedman 1', models: [...TREES, 'ridge', 'k_nearest'] },
  { name: 'koi', models: TREES },
];
const TREES_GROWN = 100;
const NEIGHBOURS = 15;
const GROWN = { nEstimators: TREES_GROWN };
/** What scikit-learn does where nothing is set, in our words. */
const THEIR_DEFAULTS = {
  random_forest: GROWN,
  extra_trees: GROWN,
  gradient_boosting: { ...GROWN, learningRate: 0.1, maxLeaves: 31, minSamplesLeaf: 20, l2: 0 },
};
const ONE_THIRD = 1 / 3;

export async function learning(words, say) {
  const { values } = parseArgs({
    args: words,
    options: {
      rounds: { type: 'string', default: '5' },
      table: { type: 'string' },
      model: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds >= 1)) {
    throw new RangeError(`--rounds must be a whole number from 1, not ${values.rounds}`);
  }
  const file = join(resolve(process.env.LIGHTFOLD_DATA ?? '../shared/data'), KOI);
  const peer = await startPeer('sklearn_models', say);
  if (!peer) return;
  const contests = [];
  try {
    for (const { name, models } of TABLES) {
      if (values.table && values.table !== name) continue;
      if (name === 'koi' && !existsSync(file)) {
        say(`SKIPPED koi: there is no ${file} (LIGHTFOLD_DATA).`);
        continue;
      }
      for (const model of models) {
        if (values.model && values.model !== model) continue;
        say(`learning: ${model} on ${name}`);
        contests.push(await contest(peer, { name, file }, model, rounds));
      }
    }
  } finally {
    peer.stop();
  }
  const result = { rounds, trees: TREES_GROWN, versions: peer.versions, contests };
  process.stdout.write(`${showLearning(result)}\n`);
  if (!values.table && !values.model) await writeResult('learning', result);
}

/** Round -1 warms both and is not counted. */
async function contest(peer, { name, file }, model, rounds) {
  const ours = [];
  const theirs = [];
  let facts;
  for (let round = -1; round < rounds; round++) {
    const seed = Math.max(0, round) + 1;
    facts = await peer.ask('table', empty, { name, file, seed });
    const [train, test] = ['train', 'test'].map((part) => readPart(peer, part, facts));
    const forestFeatures = facts.classes > 0 ? 'sqrt' : ONE_THIRD;
    const maxFeatures = model === 'gradient_boosting' ? 'all' : forestFeatures;
    // Of the KOIs the question is what one gets who sets nothing.
    const trees = name === 'koi' ? {} : { ...THEIR_DEFAULTS[model], maxFeatures };
    const own = fitOurs(model, train, test, trees, seed);
    const request = { name, model, seed, trees: TREES_GROWN, maxFeatures: forestFeatures };
    const answer = await peer.ask('fit', empty, request);
    if (round < 0) continue;
    ours.push(own);
    theirs.push(answer);
  }
  const pick = (list, key) => list.map((one) => one[key]);
  const side = (list) => ({
    score: mean(pick(list, 'score')),
    ...(facts.classes > 0 ? { auc: mean(pick(list, 'auc')) } : {}),
    seconds: median(pick(list, 'seconds')),
    predictSeconds: median(pick(list, 'predictSeconds')),
  });
  return {
    table: name,
    ...{ rows: facts.rows, features: facts.features, classes: facts.classes },
    model,
    ours: side(ours),
    theirs: side(theirs),
    scoreDifferences: ours.map(({ score }, i) => score - theirs[i].score),
    ...ratioOfRounds(pick(theirs, 'seconds'), pick(ours, 'seconds')),
    predictRatio: ratioOfRounds(pick(theirs, 'predictSeconds'), pick(ours, 'predictSeconds')).ratio,
  };
}

const none = new Float64Array(0);
const empty = { timeDays: none, flux: none, fluxError: none };

function readPart({ folder }, part, { features, classes }) {
  const bytes = (kind) => new Uint8Array(readFileSync(join(folder, `curve.f64.${part}.${kind}`)));
  const targets = new Float64Array(bytes('y').buffer);
  const values = new Float32Array(bytes('x').buffer);
  return { rows: targets.length, features, classes, values, targets };
}

function fitOurs(selectedModel, train, test, trees, seed) {
  const config = {
    selectedModel,
    ...(TREES.includes(selectedModel) ? trees : {}),
    ...(selectedModel === 'k_nearest' ? { neighbours: NEIGHBOURS } : {}),
  };
  const marks = [cpuSeconds()];
  const model = fitModel(config, train, { seed });
  marks.push(cpuSeconds());
  const said = model.predict(test.values);
  marks.push(cpuSeconds());
  const times = {
    seconds: marks[1] - marks[0],
    predictSeconds: marks[2] - marks[1],
  };
  if (train.classes === 0) return { ...times, score: rSquared(test.targets, said) };
  const labels = Array.from({ length: train.classes }, (_, k) => String(k));
  const { metrics } = classificationReport(test.targets, said, labels);
  return { ...times, score: metrics.accuracy, auc: metrics.macro_auc };
}

/** Of this process, compiling and collecting garbage included: others on the machine do not count. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
