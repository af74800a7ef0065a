/** Result of the scaling bench as Markdown. */
import { provenance, shortTime, table } from '../markdown.mjs';

export function showScaling({ cells, withPoints, withDays }) {
  const count = (value) => value.toLocaleString('en');
  return [
    table(
      [
        'days',
        'points',
        'cadence',
        'trial periods',
        'additions of the fold',
        'time',
        'CPU time',
        'peak memory',
        'of it the search',
      ],
      cells.map((cell) => [
        cell.spanDays,
        count(cell.points),
        cadence((cell.spanDays * 1440) / cell.points),
        count(cell.periods),
        cell.cost.toExponential(1),
        shortTime(cell.seconds),
        shortTime(cell.cpuSeconds),
        `${cell.peakMib} MiB`,
        `${Math.max(0, cell.peakMib - cell.beforeMib)} MiB`,
      ]),
    ),
    '',
    `Time grows as points^${withPoints.power.toFixed(2)} at ${withPoints.at} days, and as days^${withDays.power.toFixed(2)} at ${count(withDays.at)} points.\n`,
  ].join('\n');
}

const cadence = (minutes) =>
  minutes < 1 ? `${Math.round(60 * minutes)} s` : `${Number(minutes.toPrecision(3))} min`;

export function scalingSection({ scaling }) {
  if (!scaling) return [];
  return [
    '## How cost grows',
    '',
    'One search of periods from 0.6 d to half the span, at most 500 d; each size in a process of its own.',
    '',
    showScaling(scaling),
    WHY,
    provenance(scaling),
  ];
}

const WHY = `Why: with N points over a span T, the points are read once per trial duration (a matched filter, N additions times the samples per duration, with five to eight durations), once or a few times per refined candidate (N again), and never once per trial period. What is folded is a series of T·q/D moments, whose length depends on the span and on the duration D, not on the number of points: for each duration about P·q/D base periods, each for T·q/D · log₂(T/P) additions. Durations grow as the cube root of the period, so the longest periods cost most, and with periods up to T/2 the fold grows as T^(4/3) · log T. A box search that bins the points once per trial period needs N additions for each of a number of periods that itself grows with T (cubic in frequency, Ofir 2014): N·T, the square of the length of a campaign, where this search grows as N + T^(4/3) · log T. Memory holds the curve and its weights (N), one series per duration (T), and a periodogram (T).
`;
