/** Result of the learning bench as Markdown. */
import { provenance, shortTime, table } from '../markdown.mjs';

const OWN_DEFAULTS =
  '300 trees; 300 rounds of a learning rate of 0.04, at most 15 leaves of at least 10 rows, l2 = 1';
const points = (value) => `${value >= 0 ? '+' : '−'}${(100 * Math.abs(value)).toFixed(2)}`;
const times = (ratio) => `${ratio.toFixed(2)}×`;
const share = (value) => (value === undefined ? '' : value.toFixed(4));

export function showLearning({ rounds, trees, contests }) {
  const rows = contests.map((one) => [
    one.table,
    one.model,
    share(one.ours.score),
    share(one.theirs.score),
    points(one.ours.score - one.theirs.score),
    share(one.ours.auc),
    share(one.theirs.auc),
    shortTime(one.ours.seconds),
    shortTime(one.theirs.seconds),
    times(one.ratio),
    `${times(one.least)} – ${times(one.most)}`,
    times(one.predictRatio),
  ]);
  const head = [
    'table',
    'model',
    'accuracy or R²',
    'of scikit-learn',
    'points apart',
    'macro AUC',
    'of scikit-learn',
    'CPU time to learn',
    'of scikit-learn',
    'times ours',
    'from round to round',
    'to predict',
  ];
  const sizes = new Map(contests.map((one) => [one.table, one]));
  const tables = [...sizes.values()].map(
    (one) =>
      `${one.table}: ${one.rows.toLocaleString('en')} rows of ${one.features} features, ${one.classes > 0 ? `${one.classes} classes` : 'a regression'}`,
  );
  return [
    table(head, rows),
    '',
    `${tables.join('; ')}. A fifth of the rows is the test, of the KOIs by whole stars. ${rounds} interleaved rounds, each with its own rows and seed: means of the scores, medians of the CPU times, one thread on both sides; above 1× we are faster. ${trees} trees or rounds, the same features a split, 15 neighbours, l2 = 1, all else by default; of the KOIs each side by its own defaults (ours: ${OWN_DEFAULTS}). Target: within 1 point (1 %) of scikit-learn, and on the KOIs at least as good.\n`,
  ].join('\n');
}

export function learningSection({ learning }) {
  if (!learning) return [];
  return ['## Learning from tables', '', showLearning(learning), provenance(learning)];
}
