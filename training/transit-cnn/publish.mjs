/**
 * From a trained network to a version of the model: chooses the temperature on the calibration set,
 * measures on the test set, and writes the folder with its card.
 *
 *   node training/transit-cnn/publish.mjs --build .lightfold/transit-cnn --out models/transit-cnn/v1.0.0
 *
 * BUILD holds views.onnx and trained.json of train.py, and the sets training, calibration, test and,
 * where the real curves were at hand, real.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { goldenInputs, modelMetadata, QUANTILE_SHARES, vectorPreprocessing } from '#contracts';
import { GLOBAL_BINS, LOCAL_BINS, VIEW_FEATURES } from '#transit';
import { cardOf } from './card.mjs';
import { squareChart } from './chart.mjs';
import { openGraph } from './graph.mjs';
import * as measures from './measures.mjs';
import { readRows } from './rows.mjs';

const LABELS = ['planet', 'false_positive'];
const TOLERANCE = 1e-5;
/** One golden input of each, in this order. */
const GOLDEN_KINDS = [
  'planet',
  'binary',
  'blend',
  'variable',
  'systematics',
  'planet',
  'beside_planet',
  'heartbeat',
];
const SNR_EDGES = [7.1, 10, 15, 30, 100, Infinity];
const PARTS = [
  {
    name: 'global_view',
    length: GLOBAL_BINS,
    description:
      'One orbit, the transit in the middle: medians of bins of phase, level 0, in depths of the signal.',
  },
  {
    name: 'local_view_deeper',
    length: LOCAL_BINS / 2,
    description:
      'Three durations to both sides of the middle, of those transits (even or odd) that are deeper.',
  },
  {
    name: 'local_view_shallower',
    length: LOCAL_BINS / 2,
    description: 'The same of the others.',
  },
];

const { values } = parseArgs({
  options: {
    build: { type: 'string', default: '.lightfold/transit-cnn' },
    out: { type: 'string' },
  },
});
if (!values.out) throw new RangeError('--out is needed');
const built = (name) => join(values.build, name);
mkdirSync(values.out, { recursive: true });

const graphBytes = readFileSync(built('views.onnx'));
const graph = await openGraph(graphBytes);
const trained = JSON.parse(readFileSync(built('trained.json'), 'utf8'));
const training = readRows(built('training'));
const validation = readRows(built('validation'));
const differsFromTorch = await checkAgainstTorch(validation);
const calibration = await judged(readRows(built('calibration')));
const temperature = Number(measures.bestTemperature(calibration).toPrecision(4));
const test = await judged(readRows(built('test')), temperature);
const raw = test.map((row) => ({ ...row, probability: row.raw }));
const real = existsSync(built('real.json'))
  ? await judged(readRows(built('real')), temperature)
  : null;

const measured = measure(test);
const facts = {
  trained,
  temperature,
  differsFromTorch,
  sizeBytes: graphBytes.length,
  milliseconds: await timeOfOne(),
  sets: Object.fromEntries(
    Object.entries({ training, validation, calibration, test }).map(([name, set]) => [
      name,
      describeSet(set.rows ?? set),
    ]),
  ),
  measured,
  before: measure(raw),
  bySnr: bySnr(test),
  byKind: byKind(test),
  byInstrument: byGroup(test, ({ instrument }) => instrument),
  byTransits: byGroup(test, ({ transits }) => (transits < 3 ? `${transits}` : '3 or more')),
  reliability: { before: measures.reliability(raw), after: measures.reliability(test) },
  closeness: closeness(test),
  real,
};
await write();

/** The network must say in Node what it said in PyTorch. */
async function checkAgainstTorch({ features }) {
  const { probabilities, embeddings } = trained.kept;
  const answer = await graph(features.slice(0, probabilities.length * VIEW_FEATURES));
  const worst = Math.max(
    ...probabilities.flat().map((value, i) => Math.abs(value - answer.probabilities[i])),
    ...embeddings.flat().map((value, i) => Math.abs(value - answer.embeddings[i])),
  );
  if (!(worst < TOLERANCE)) throw new Error(`ONNX differs from PyTorch by ${worst}`);
  return worst;
}

/** Each row with the probability of a planet, and `raw`, that before calibration. */
async function judged(set, temperatureOfSet = 1) {
  const { probabilities, embeddings } = await graph(set.features);
  const width = embeddings.length / set.examples.length;
  const rows = set.examples.map((example, i) => {
    const [raw, other] = probabilities.slice(2 * i, 2 * i + 2);
    return {
      ...example,
      isPlanet: example.label === 'planet',
      raw,
      other,
      probability: measures.atTemperature(raw, other, temperatureOfSet),
      embedding: embeddings.slice(i * width, (i + 1) * width),
      features: set.features.slice(i * VIEW_FEATURES, (i + 1) * VIEW_FEATURES),
    };
  });
  return Object.assign(rows, { rows: set });
}

function describeSet({ seed, stars, examples, sha256 }) {
  const planets = examples.filter(({ label }) => label === 'planet').length;
  const kinds = Object.fromEntries(
    [...Map.groupBy(examples, ({ kind }) => kind)].map(([kind, own]) => [kind, own.length]),
  );
  return { seed, stars, sha256, candidates: examples.length, planets, kinds };
}

function measure(rows) {
  const weak = rows.filter(({ snr }) => snr < 30);
  return {
    auc: measures.auc(rows),
    aucInterval: measures.bootstrap(rows, measures.auc),
    weakAuc: measures.auc(weak),
    weakInterval: measures.bootstrap(weak, measures.auc),
    weakRows: weak.length,
    averagePrecision: measures.averagePrecision(rows),
    recallAt95: measures.recallAtPrecision(rows, 0.95),
    recallAt99: measures.recallAtPrecision(rows, 0.99),
    brier: measures.brier(rows),
    logLoss: measures.logLoss(rows),
    calibrationError: measures.calibrationError(rows),
    ...measures.atThreshold(rows, 0.5),
  };
}

function bySnr(rows) {
  return SNR_EDGES.slice(0, -1).map((from, k) => {
    const to = SNR_EDGES[k + 1];
    const own = rows.filter(({ snr }) => (snr >= from || k === 0) && snr < to);
    const planets = own.filter(({ isPlanet }) => isPlanet);
    const hits = planets.filter(({ probability }) => probability >= 0.5).length;
    return {
      from,
      to,
      planets: planets.length,
      others: own.length - planets.length,
      auc: measures.auc(own),
      aucInterval: measures.bootstrap(own, measures.auc),
      recall: hits / planets.length,
      recallInterval: measures.shareInterval(hits, planets.length),
    };
  });
}

/** Each kind of false positive against all planets. */
function byKind(rows) {
  const planets = rows.filter(({ isPlanet }) => isPlanet);
  const others = rows.filter(({ isPlanet }) => !isPlanet);
  return [...Map.groupBy(others, ({ kind }) => kind)]
    .map(([kind, own]) => {
      const called = own.filter(({ probability }) => probability >= 0.5).length;
      return {
        kind,
        rows: own.length,
        auc: measures.auc([...planets, ...own]),
        aucInterval: measures.bootstrap([...planets, ...own], measures.auc, 300),
        called: called / own.length,
        calledInterval: measures.shareInterval(called, own.length),
      };
    })
    .sort((a, b) => b.rows - a.rows);
}

function byGroup(rows, groupOf) {
  return [...Map.groupBy(rows, groupOf)]
    .map(([name, own]) => ({
      name,
      planets: own.filter(({ isPlanet }) => isPlanet).length,
      others: own.filter(({ isPlanet }) => !isPlanet).length,
      auc: measures.auc(own),
      aucInterval: measures.bootstrap(own, measures.auc, 300),
    }))
    .sort((a, b) => b.planets + b.others - a.planets - a.others);
}

/** Mean cosine of two candidates of one kind, and of two kinds. */
function closeness(rows) {
  const some = rows.slice(0, 1000);
  const sums = { same: [0, 0], other: [0, 0] };
  for (let i = 0; i < some.length; i++) {
    for (let j = 0; j < i; j++) {
      const sum = sums[some[i].kind === some[j].kind ? 'same' : 'other'];
      sum[0] += some[i].embedding.reduce((dot, value, k) => dot + value * some[j].embedding[k], 0);
      sum[1]++;
    }
  }
  return { same: sums.same[0] / sums.same[1], other: sums.other[0] / sums.other[1] };
}

/** Median of 200 single rows after 50 that warm up. */
async function timeOfOne() {
  const row = validation.features.slice(0, VIEW_FEATURES);
  const times = [];
  for (let k = 0; k < 250; k++) {
    const started = performance.now();
    await graph(row);
    if (k >= 50) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[100];
}

function quantilesOf(numbers) {
  const sorted = Float64Array.from(numbers).sort();
  return QUANTILE_SHARES.map((share) => {
    const at = share * (sorted.length - 1);
    const low = Math.floor(at);
    const next = sorted[Math.min(low + 1, sorted.length - 1)];
    return Number((sorted[low] + (at - low) * (next - sorted[low])).toPrecision(6));
  });
}

function preprocessingOf({ features, examples }) {
  let from = 0;
  const parts = PARTS.map((part) => {
    const views = examples.map((_, i) => {
      return features.subarray(i * VIEW_FEATURES + from, i * VIEW_FEATURES + from + part.length);
    });
    from += part.length;
    const means = views.map((view) => view.reduce((sum, value) => sum + value, 0) / view.length);
    const deviations = views.map((view, i) =>
      Math.sqrt(view.reduce((sum, value) => sum + (value - means[i]) ** 2, 0) / view.length),
    );
    return { ...part, mean: quantilesOf(means), deviation: quantilesOf(deviations) };
  });
  return vectorPreprocessing.parse({ kind: 'vector', parts });
}

/** Of the test set, rounded so that the file stays small. */
async function goldenOf(rows) {
  const left = rows.slice();
  const samples = [];
  for (const kind of GOLDEN_KINDS) {
    const [row] = left.splice(
      left.findIndex((each) => each.kind === kind),
      1,
    );
    const input = Array.from(row.features, (value) => Number(value.toFixed(4)));
    const [raw, other] = (await graph(Float32Array.from(input))).probabilities;
    const probability = measures.atTemperature(raw, other, temperature);
    const output = [probability, 1 - probability].map((value) => Number(value.toFixed(8)));
    samples.push({ input, output });
  }
  return goldenInputs.parse({ tolerance: TOLERANCE, samples });
}

async function write() {
  const json = (value) => prettier.format(JSON.stringify(value), { ...style, parser: 'json' });
  const style = await prettier.resolveConfig(join(values.out, 'metadata.json'));
  const files = {
    model: ['views.onnx', graphBytes],
    preprocessing: ['views.preprocessing.json', Buffer.from(await json(preprocessingOf(training)))],
    golden: ['views.golden.json', Buffer.from(await json(await goldenOf(test)))],
  };
  const described = Object.entries(files).map(([part, [file, bytes]]) => {
    writeFileSync(join(values.out, file), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return [part, { file, sha256, size_bytes: bytes.length }];
  });
  const round = (value) => Number(value.toFixed(5));
  const { accuracy, precision, recall, f1_score } = measured;
  const performance = Object.fromEntries(
    Object.entries({ accuracy, precision, recall, f1_score }).map(([k, v]) => [k, round(v)]),
  );
  const metadata = modelMetadata.parse({
    name: 'transit-cnn',
    version: '1.0.0',
    description:
      'A one-dimensional convolutional network on the folded views of a candidate: planet or false positive, and a 128-number embedding by which similar candidates are found.',
    licence: 'MIT',
    framework: 'pytorch',
    framework_version: trained.framework_version,
    training: {
      dataset_version: `transit-cnn simulated stars, seed ${training.seed}, numbers 0 to ${training.stars - 1}`,
      training_samples: training.examples.length,
      epochs: trained.epochs,
      seed: trained.seed,
      command: 'sh training/transit-cnn/make.sh .lightfold/transit-cnn',
      parameters: {
        batch: trained.batch,
        learning_rate: trained.rate,
        threads: trained.threads,
        weights: trained.parameters,
        validation_seed: validation.seed,
        calibration_seed: calibration.rows.seed,
        test_seed: test.rows.seed,
        training_rows_sha256: training.sha256,
      },
      finished_at: trained.finished_at,
    },
    performance,
    input_schemas: [
      {
        name: 'views',
        features: VIEW_FEATURES,
        dtype: 'float32',
        ...Object.fromEntries(described),
        tensors: { input: 'features', output: 'probabilities', embedding: 'embedding' },
        calibration: { method: 'temperature', temperature },
        evaluation: {
          set: {
            name: `transit-cnn simulated stars, seed ${test.rows.seed}`,
            sha256: test.rows.sha256,
            rows: test.length,
          },
          decisive: 'macro_auc',
          metrics: {
            macro_auc: round(measured.auc),
            ...performance,
            average_precision: round(measured.averagePrecision),
            recall_at_precision_95: round(measured.recallAt95),
            recall_at_precision_99: round(measured.recallAt99),
            log_loss: round(measured.logLoss),
            brier: round(measured.brier),
            calibration_error: round(measured.calibrationError),
          },
        },
      },
    ],
    output_schema: { task: 'classification', classes: 2, labels: LABELS },
  });
  writeFileSync(join(values.out, 'metadata.json'), await json(metadata));
  writeFileSync(join(values.out, 'reliability.svg'), reliabilityChart());
  writeFileSync(join(values.out, 'roc.svg'), rocChart());
  writeFileSync(join(values.out, 'card.md'), cardOf(facts));
  process.stdout.write(
    `AUC ${measured.auc.toFixed(4)} (SNR below 30: ${measured.weakAuc.toFixed(4)}), temperature ${temperature}, ` +
      `calibration error ${facts.before.calibrationError.toFixed(4)} to ${measured.calibrationError.toFixed(4)}, ` +
      `${facts.milliseconds.toFixed(2)} ms a row\n`,
  );
}

function reliabilityChart() {
  const lines = [
    ['before', facts.reliability.before],
    ['after calibration', facts.reliability.after],
  ].map(([name, bins]) => ({
    name,
    marked: true,
    points: bins.map(({ mean, share }) => [mean, share]),
    errors: bins.map(({ mean, low, high }) => [mean, low, high]),
  }));
  const title = 'Reliability on the simulated test set';
  const axes = { across: 'probability of a planet', up: 'share of planets' };
  return squareChart({ title, ...axes, lines, diagonal: true });
}

function rocChart() {
  const lineOf = (name, rows) => {
    const every = Math.ceil(rows.length / 150);
    const all = measures.curveOf(rows).map(({ falseRate, recall }) => [falseRate, recall]);
    const points = [[0, 0], ...all.filter((_, i) => i % every === 0), [1, 1]];
    return { name, points };
  };
  const title = 'Receiver operating characteristic';
  const axes = { across: 'false positives called planets', up: 'planets called planets' };
  const lines = [
    lineOf('all', test),
    lineOf(
      'SNR below 30',
      test.filter(({ snr }) => snr < 30),
    ),
  ];
  return squareChart({ title, ...axes, lines, diagonal: true });
}
