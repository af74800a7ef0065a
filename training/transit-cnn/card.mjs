/** The model card, from what was measured. */
import { shareInterval } from './measures.mjs';

const share = (value, digits = 3) => value.toFixed(digits);
const interval = ([low, high], digits = 3) => `${low.toFixed(digits)} to ${high.toFixed(digits)}`;
const percent = (value) => `${(100 * value).toFixed(1)} %`;
const whole = (value) => value.toLocaleString('en-GB');

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const KINDS = {
  blend: 'eclipsing binary, diluted',
  binary: 'eclipsing binary',
  systematics: 'drops, momentum dumps, dips out of step, ramps',
  variable: 'pulsation, fast rotation',
  beside_planet: 'anything else on the star of a planet',
  planet_alias: 'a planet at another period than its own',
  scrambled: 'scrambled curve',
  inverted: 'inverted curve',
  heartbeat: 'heartbeat star',
  noise: 'red noise',
};

export function cardOf(facts) {
  const { trained, sets, measured, before, temperature } = facts;
  const { training, calibration, test, validation } = sets;
  return `# transit-cnn 1.0.0

A one-dimensional convolutional network that looks at the folded views of a candidate and says how probable it is that it is a planet. Its second output, 128 numbers on the unit sphere, places similar candidates beside each other.

| | |
| --- | --- |
| input | \`features\`, (rows, 784) float32: \`candidateViews\` of \`libs/transit\`, global view (560), then local view (224) |
| outputs | \`probabilities\`, (rows, 2) of \`planet\` and \`false_positive\`; \`embedding\`, (rows, 128) of length 1 |
| calibration | temperature ${temperature}, chosen on ${whole(calibration.candidates)} candidates with a seed of their own |
| file | \`views.onnx\`, ${whole(facts.sizeBytes)} bytes, ${whole(trained.parameters)} weights, opset 18 |
| speed | ${facts.milliseconds.toFixed(2)} ms a row, one row at a time, ONNX Runtime in Node on one core |
| licence | MIT |

## Intended use

To rank and to weigh candidates of the search beside the tests of the vetting, and to find candidates that look alike. Its probability is one of the facts on which a decision rests; it is not a decision.

Not for: confirming planets; candidates of another pipeline, whose curves are cleaned, detrended and folded otherwise; curves that were not searched (it was shown nothing but what the search found); population studies, for which its population is too simple.

## What it sees

Both views are medians of the detrended curve in bins of phase, in units of the signal's depth, level 0 (Shallue & Vanderburg 2018, AJ 155, 94). The global view is one orbit. The local view reaches three durations to both sides, first of those transits (even or odd) that are deeper, then of the others: a binary that was found at half of its period shows two depths. A single event is folded at a period that holds the whole curve. Depth, period, duration and signal to noise are not told; the vetting and the models of columns judge those.

Two columns of three convolutional blocks (8, 16, 32 and 16, 32, 64 channels of width 5), joined in 128 numbers, from which a linear layer makes the two classes. During the training a second linear layer also told the kinds of false positives apart, so that the embedding does.

## Training data

Simulated stars, searched by the pipeline (clean, detrend, search, detrend again beside the transits) with its default parameters; the examples are what it found. A candidate is a planet where period (1 %) and epoch (half a duration, at both ends of the data) are those of an injected one, or, for a single event, the epoch; everything else is a false positive, also aliases of planets and whatever else was found on their stars. training/transit-cnn/README.md lists the distributions; in short:

- **Curves**: a quarter (38 %) or a year (10 %) of Kepler at 30 minutes; a sector of TESS at 30 (22 %), 10 (14 %) and 2 minutes (8 %), two sectors at 30 (8 %). White noise of half an hour log-uniform from 60 to 1,500 ppm; on every star by the same chances red noise, rotation, flares, drops of the detector, ramps, gaps.
- **Planets** (38 % of the stars, one in six with a second one): SNR log-uniform, two in three from 7 to 30, one in three from 30 to 500; period log-uniform from 0.55 d to 1/2.2 of the baseline, one in ten up to 0.9 of it with one transit or more; impact up to 0.9, one in ten up to 1; radius below 0.18 of the star's; stellar density 0.2 to 4 of the Sun's; three in ten on eccentric orbits (as another duration).
- **False positives**: eclipsing binaries (14 % of the stars) and the same diluted to an SNR log-uniform from 8 to 300 (14 %), with second eclipses of 3 to 100 % of the first, grazing or not, circular or not, ellipsoidal; pulsation and fast rotation (10 %); systematics (12 %); red noise (4 %), inverted (3 %), scrambled (2 %); heartbeat stars (3 %).

${table(
  ['set', 'seed', 'stars', 'candidates', 'planets', 'used for'],
  [
    ['training', training, 'weights'],
    ['validation', validation, 'watched during the training'],
    ['calibration', calibration, 'temperature'],
    ['test', test, 'all figures below'],
  ].map(([name, set, use]) => [
    name,
    set.seed,
    whole(set.stars),
    whole(set.candidates),
    whole(set.planets),
    use,
  ]),
)}

No two sets share a star. ${trained.epochs} epochs, AdamW, batches of ${trained.batch}; time runs backwards by chance, the middle is off by a bin or two, a little noise is added.

## How good it is

On the simulated test set (seed ${test.seed}, numbers 0 to ${test.stars - 1}; SNR as above; ${whole(test.planets)} planets among ${whole(test.candidates)} candidates). Intervals are of 95 %; those of AUC draw whole stars anew.

${table(
  ['measure', 'value', '95 %'],
  [
    ['**AUC**', `**${share(measured.auc, 4)}**`, interval(measured.aucInterval, 4)],
    [
      `AUC of candidates of SNR below 30 (${whole(measured.weakRows)})`,
      share(measured.weakAuc, 4),
      interval(measured.weakInterval, 4),
    ],
    ['average precision', share(measured.averagePrecision), ''],
    ['recall at a precision of 95 %', share(measured.recallAt95), ''],
    ['recall at a precision of 99 %', share(measured.recallAt99), ''],
    ['accuracy at 0.5', share(measured.accuracy), ''],
    ['precision at 0.5', share(measured.precision), ''],
    ['recall at 0.5', share(measured.recall), ''],
    ['F1 at 0.5', share(measured.f1_score), ''],
  ],
)}

Precision holds for this share of planets only; among the candidates of a survey they are rarer.

![receiver operating characteristic](roc.svg)

By measured SNR, planets and false positives of the same SNR against each other:

${table(
  ['SNR', 'planets', 'false positives', 'AUC', '95 %', 'recall at 0.5', '95 %'],
  facts.bySnr.map((bin) => [
    bin.to === Infinity ? `from ${bin.from}` : `${bin.from} to ${bin.to}`,
    whole(bin.planets),
    whole(bin.others),
    share(bin.auc),
    interval(bin.aucInterval),
    share(bin.recall),
    interval(bin.recallInterval),
  ]),
)}

By kind of false positive, each against all planets:

${table(
  ['kind', 'what', 'candidates', 'AUC', '95 %', 'called planets at 0.5', '95 %'],
  facts.byKind.map((kind) => [
    kind.kind,
    KINDS[kind.kind],
    whole(kind.rows),
    share(kind.auc),
    interval(kind.aucInterval),
    share(kind.called),
    interval(kind.calledInterval),
  ]),
)}

By instrument and by transits observed:

${table(
  ['group', 'planets', 'false positives', 'AUC', '95 %'],
  [
    ...facts.byInstrument,
    ...facts.byTransits.map((group) => ({ ...group, name: `transits: ${group.name}` })),
  ].map((group) => [
    group.name,
    whole(group.planets),
    whole(group.others),
    share(group.auc),
    interval(group.aucInterval),
  ]),
)}

The embedding: two candidates of one kind have a mean cosine of ${share(facts.closeness.same, 2)}, of two kinds ${share(facts.closeness.other, 2)}.

## Calibration

softmax(ln p / T) with T = ${temperature}, of the least log loss on the calibration set (seed ${calibration.seed}; Guo et al. 2017). On the test set:

${table(
  ['measure', 'before', 'after'],
  [
    ['expected calibration error, ten bins', before.calibrationError, measured.calibrationError],
    ['log loss', before.logLoss, measured.logLoss],
    ['Brier score', before.brier, measured.brier],
  ].map(([name, was, is]) => [name, share(was, 4), share(is, 4)]),
)}

![reliability](reliability.svg)

${table(
  ['mean probability', 'share of planets', '95 %', 'candidates'],
  facts.reliability.after.map((bin) => [
    share(bin.mean),
    share(bin.share),
    interval([bin.low, bin.high]),
    whole(bin.rows),
  ]),
)}

${missed(facts.reliability.after)} It is calibrated for candidates of which ${percent(test.planets / test.candidates)} are planets.

## Real light curves

${realSection(facts.real)}

## Limits

- The simulation has no transit timing variations, no real detector's systematics, no spots that are crossed, and simple noise. What it says of real curves is above, and is weaker than what it says of simulated ones.
- A diluted binary whose second eclipse drowns in noise looks like a planet, and is called one as often as its shape allows. A deep dip is not known to be deep.
- At twice or half its period a planet is a false positive here, and looks much like a planet; few such aliases were there to learn from.
- A single event has one transit to judge by, and its probability says nothing of its period.
- Few candidates of some kinds are in the test set; their intervals are wide.

## Made again by

\`\`\`
npm run build:server
python3 -m venv .lightfold/venv && .lightfold/venv/bin/pip install -r training/transit-cnn/requirements.txt
PYTHON=.lightfold/venv/bin/python sh training/transit-cnn/make.sh .lightfold/transit-cnn
\`\`\`

The sets and, with the same number of threads on the same kind of processor, the weights come out the same. ONNX Runtime in Node and PyTorch differ by ${facts.differsFromTorch.toExponential(0)} at most. Trained with PyTorch ${trained.framework_version}, ${trained.finished_at.slice(0, 10)}.
`;
}

/** Where the probability lies outside of the interval of what it should be. */
function missed(bins) {
  const off = bins.filter(({ mean, low, high }) => mean < low || mean > high);
  if (off.length === 0) return 'Every interval holds the mean probability.';
  const named = off.map(({ mean, share: is }) => `at ${share(mean, 2)} (in truth ${share(is, 2)})`);
  return `The interval does not hold the mean probability ${named.join(' and ')}.`;
}

function realSection(real) {
  if (!real) {
    return 'The real curves were not at hand when this card was written: nothing is known of them.';
  }
  const stars = [...Map.groupBy(real, ({ target }) => target)];
  const isKnown = ({ kind, planet }) => kind !== 'planet' || planet;
  const known = real.filter(isKnown);
  const planets = known.filter(({ planet }) => planet);
  const others = known.filter(({ planet }) => !planet);
  const called = (rows) => rows.filter(({ probability }) => probability >= 0.5).length;
  const rows = stars.flatMap(([target, candidates]) =>
    candidates.map((each) => [
      target,
      each.planet ?? (each.kind === 'planet' ? 'not known' : each.kind.replace('_', ' ')),
      each.periodDays === null ? 'single event' : each.periodDays.toFixed(3),
      each.snr.toFixed(1),
      each.transits,
      share(each.probability),
    ]),
  );
  return `Curves of Kepler, K2 and TESS whose label is known, none of which was trained on, calibrated on or chosen by; never mixed with the figures above. Found by the search and known to be a planet: ${planets.length}, of which ${called(planets)} have a probability of 0.5 or more. Found on eclipsing binaries, false positives and quiet stars: ${others.length}, of which ${called(others)} do. Other candidates on stars with planets, of which nobody knows what they are: ${real.length - known.length}, of which ${called(real.filter((row) => !isKnown(row)))} do. So few say little: with intervals of 95 %, ${interval(shareInterval(called(planets), planets.length), 2)} of planets and ${interval(shareInterval(called(others), others.length), 2)} of the others.

${table(['star', 'known as', 'period (d)', 'SNR', 'transits', 'probability of a planet'], rows)}`;
}
