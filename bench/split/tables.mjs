/** Result of the split bench as Markdown. */
import { provenance, shortTime, table } from '../markdown.mjs';

const ratio = ({ ratio, least, most }) =>
  `${ratio.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;

export function showSplit({ searches }) {
  return table(
    [
      'box search of',
      'points',
      'one worker, whole',
      'one worker, in shards',
      'two workers',
      'two workers are faster by',
      'shards cost one worker',
      'shards solved by owner + helper',
    ],
    searches.map(({ name, points, seconds, speedup, overhead, shards }) => [
      name,
      points.toLocaleString('en'),
      shortTime(seconds.whole),
      shortTime(seconds.alone),
      shortTime(seconds.divided),
      ratio(speedup),
      `${ratio(overhead)} of its time`,
      shards.map(({ byOwner, byHelpers }) => `${byOwner} + ${byHelpers}`).join(', '),
    ]),
  );
}

export function splitSection({ split }) {
  if (!split) return [];
  return [
    '## A search that is divided',
    '',
    `The direct box search for one planet on the whole platform (api, RabbitMQ, object store, worker processes of one thread each): the median of ${split.rounds} interleaved rounds; ratios are of rounds, median (least–most). Each round starts its workers anew and measures their second search. The load averages of the machine over the last 5 and 15 minutes were ${split.load.join(' and ')}: where they exceed what the bench itself runs (two workers at most), other work ran beside it and the ratios are lower than on a quiet machine. All runs of a search gave the same candidates.`,
    '',
    showSplit(split),
    '',
    provenance(split),
  ];
}
