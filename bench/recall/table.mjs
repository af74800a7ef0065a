/** The result of a recall run as Markdown: for the terminal and for docs/benchmarks.md. */
import { table } from '../markdown.mjs';

const percent = (value, digits = 1) => `${(100 * value).toFixed(digits)} %`;
const withError = ({ value, error }) =>
  `${(100 * value).toFixed(1)} ± ${(100 * error).toFixed(1)} %`;

export function showTable(result) {
  const { workload, nulls, injected, methods, comparisons } = result;
  const lines = [
    `**${workload}**: ${injected} injected and ${nulls} null curves.`,
    '',
    table(
      [
        'method',
        'recall at 1 %',
        'at 5 %',
        'threshold 1 %',
        'wrong period',
        'too weak',
        'no signal (injected, null)',
      ],
      methods.map((method) => [
        method.title,
        withError(method.rates[0].recall),
        withError(method.rates[1].recall),
        method.rates[0].threshold.toFixed(2),
        percent(method.wrongPeriod / injected),
        percent(method.tooWeak / injected),
        `${percent(method.noSignal.injected / injected)}, ${percent(method.noSignal.nulls / nulls)}`,
      ]),
    ),
    '',
    table(
      [
        'recall at 1 %',
        ...methods[0].bySnr.map(range('SNR')),
        ...methods[0].byPeriod.map(range('P', ' d')),
      ],
      methods.map((method) => [
        method.title,
        ...[...method.bySnr, ...method.byPeriod].map(({ recall }) =>
          recall === null ? '' : percent(recall),
        ),
      ]),
    ),
  ];
  for (const { name, rates } of comparisons) {
    const other = methods.find((method) => method.name === name);
    for (const { rate, gained, lost, difference, error } of rates) {
      const sign = difference < 0 ? '−' : '+';
      const points = `${sign}${Math.abs(100 * difference).toFixed(1)} ± ${(100 * error).toFixed(1)}`;
      const ours = methods[0].rates.find((at) => at.rate === rate).recall.value;
      const theirs = other.rates.find((at) => at.rate === rate).recall.value;
      lines.push(
        '',
        `Against ${other.title} at ${percent(rate, 0)}: ${points} points (${(ours / theirs).toFixed(2)}×); ` +
          `curve by curve +${gained} / −${lost}.`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const range =
  (what, unit = '') =>
  ({ from, to }) =>
    `${what} ${from}–${to}${unit}`;
