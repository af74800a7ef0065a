/** Results of the speed bench as Markdown: for the terminal and for docs/benchmarks.md. */
import { provenance, shortTime, table } from '../markdown.mjs';

const times = (ratio) => `${Number(ratio.toPrecision(3)).toLocaleString('en')}×`;

export function showRace(result) {
  const { title, points, periodsDays, rounds, contestants, firstCall, target } = result;
  const sampled = contestants.filter(({ everyNth }) => everyNth > 1);
  const lines = [
    `**${title}**: ${points.toLocaleString('en')} points, periods ${periodsDays.join('–')} d, ${rounds} interleaved rounds, medians.`,
    '',
    table(
      ['one core', 'time', 'CPU time', 'times ours', 'from round to round', 'by CPU time'],
      contestants.map(({ title, seconds, cpuSeconds, ratio, least, most, cpuRatio }) => [
        title,
        shortTime(seconds),
        shortTime(cpuSeconds),
        ratio ? times(ratio) : '1',
        ratio ? `${times(least)} – ${times(most)}` : '',
        ratio ? times(cpuRatio) : '1',
      ]),
    ),
    '',
    `Target: at least ${target}× against astropy banded. In a fresh process: loading the library ${shortTime(firstCall.loadSeconds)}, first search ${shortTime(firstCall.first)}, second ${shortTime(firstCall.second)}.`,
  ];
  for (const { title, everyNth } of sampled) {
    lines.push(
      '',
      `${title}: timed on every ${everyNth}th period in turn and scaled, its cost being linear in periods.`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export function showKernels({ samples, rounds, folds, target }) {
  return [
    `**The kernel and its twin**: ${samples.toLocaleString('en')} samples, ${rounds} interleaved rounds, medians; all maxima equal.`,
    '',
    table(
      ['base periods', 'rows', 'WebAssembly', 'plain TypeScript', 'ratio', 'from round to round'],
      folds.map(({ firstBase, endBase, rows, seconds, twinSeconds, ratio, least, most }) => [
        `${firstBase}–${endBase - 1}`,
        rows,
        shortTime(seconds),
        shortTime(twinSeconds),
        times(ratio),
        `${times(least)} – ${times(most)}`,
      ]),
    ),
    '',
    `Target: at least ${target}×.\n`,
  ].join('\n');
}

export function speedSection(results) {
  const races = Object.keys(results).filter((name) => /^speed-[a-z]$/.test(name));
  const kernel = results['speed-kernel'];
  if (races.length === 0) return [];
  return [
    '## Speed of the search',
    '',
    'One round of the whole search, from the detrended curve to period, epoch, duration and SNR of the strongest signal: coarse search, refinement, arbitration of aliases. Contestants take turns on the same curves, ours as often as fills a tenth of a second, of which the mean counts; ratios are medians over the rounds. astropy "banded" is its best use (bands of a factor 1.5 in period, each with the durations that match, three times the transit-optimal density of periods); "one call" tries all durations at all periods with ten bins a duration, its default.',
    '',
    ...races.flatMap((name) => [showRace(results[name]), provenance(results[name])]),
    ...(kernel ? [showKernels(kernel), provenance(kernel)] : []),
  ];
}
