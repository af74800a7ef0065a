/** Result of the scaling bench as Markdown. */
import { provenance, shortTime, table } from '../markdown.mjs';

export function showScaling({ cells, model }) {
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
    `Fitted to the CPU times, to within a factor of ${model.worstFactor.toFixed(1)}: ${shortTime(model.call)} a call, ${nanoseconds(model.perPoint)} a point, ${nanoseconds(model.perAddition)} an addition of the fold.\n`,
  ].join('\n');
}

const nanoseconds = (seconds) => `${Number((1e9 * seconds).toPrecision(2))} ns`;

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

const WHY = `Why it grows so: with N points over a span T, the points are read a few times for each trial duration (five to eight of them) and for each of the few peaks that are refined, but never once per trial period. What is folded is a series of T·q/D moments, q to a duration D, whose length depends on the span and not on the number of points. For each duration about P·q/D base periods are folded, each with T·q/D · log₂(T/P) additions; durations grow as the cube root of the period, so that the longest periods cost most, and with periods up to T/2 the additions grow as T^(4/3) · log T. In all: N + T^(4/3) · log T. Where the cadence is slow the shortest duration is two exposures, and there are fewer periods to tell apart. A box search that bins the points at every trial period needs N additions for each of a number of periods that grows with T (cubic in frequency, Ofir 2014): N·T, which at one cadence is the square of a campaign's length. Memory holds the curve with its weights and their masked and whitened copies (N), a series for each duration (T) and the periodogram (T); it does not depend on the number of trial periods. A search states a bound before it runs (\`SearchGrid.memoryBytes\`; the count, by points, moments, base periods and cells, is in \`libs/transit/src/search-memory.ts\`): 5 MB for a quarter of 30-minute data, 6 MB for a sector of 2-minute data, 17 MB of 20-second data, 39 MB for four years of Kepler, of which 1 to 10 MB were seen alive at once. What the process takes is more by the garbage that the engine lets lie and by the engine itself.
`;
