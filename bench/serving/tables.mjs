/** Result of the serving bench as Markdown. */
import { provenance, shortTime, table } from '../markdown.mjs';

const range = ({ ratio, least, most }) =>
  `${ratio.toFixed(2)}× (${least.toFixed(2)} – ${most.toFixed(2)})`;

export function showServing({ models, batch, clients }) {
  return table(
    [
      'model',
      'input',
      'one, median',
      `${batch} together`,
      'of the time of one',
      `${clients} clients, gathered`,
      'one by one',
      'gathered is faster by',
    ],
    models.map((each) => [
      each.name,
      each.what,
      shortTime(each.oneSeconds),
      shortTime(each.batchSeconds),
      range(each.batchRatio),
      `${each.gatheredPerSecond.toFixed(0)} a second`,
      `${each.alonePerSecond.toFixed(0)} a second`,
      range(each.throughputRatio),
    ]),
  );
}

export function servingSection({ serving }) {
  if (!serving) return [];
  const where = serving.isPinned ? 'the api on one core, its clients on another' : 'nothing pinned';
  return [
    '## Predictions',
    '',
    `Over HTTP from end to end: request, authentication, checks of the input, the model, a row in PostgreSQL, answer; ${where}, PostgreSQL and all else where there is room. One: a client that asks, waits and asks again. Together: a batch of ${serving.batch}. ${serving.clients} clients: how many are answered by an api that gathers rows of different requests (\`PREDICT_BATCH_ROWS\` 64), and by one that runs each by itself. ${serving.rounds} interleaved rounds; medians, ratios round by round. Targets: one at most 5 ms; ${serving.batch} together at most 3 times one; gathered at least 3 times one by one.`,
    '',
    showServing(serving),
    '',
    provenance(serving),
  ];
}
