/** Result of the biweight bench as Markdown. */
import { provenance, shortTime, table } from '../markdown.mjs';

export function showBiweight({ points, windowDays, rounds, seconds, cpuSeconds, peers, target }) {
  const sigma = (value) => `${value.toExponential(1)} σ`;
  const times = (ratio) => `${ratio.toFixed(1)}×`;
  return [
    table(
      [
        'one core',
        'time',
        'CPU time',
        'times ours',
        'from round to round',
        'by CPU time',
        'trends differ by (median, 99 %, most)',
      ],
      [
        ['Lightfold', shortTime(seconds), shortTime(cpuSeconds), '1', '', '1', ''],
        ...peers.map(
          ({ title, seconds, cpuSeconds, ratio, least, most, cpuRatio, differences }) => [
            title,
            shortTime(seconds),
            shortTime(cpuSeconds),
            times(ratio),
            `${times(least)} – ${times(most)}`,
            times(cpuRatio),
            [differences.median, differences.p99, differences.most].map(sigma).join(', '),
          ],
        ),
      ],
    ),
    '',
    `${points.toLocaleString('en')} points, window ${windowDays} d, ${rounds} interleaved rounds, medians; σ is the noise of one point. Target: at least ${target}×, set against wotan 1.10; wotan has since learnt to slide a sorted window itself.\n`,
  ].join('\n');
}

export function biweightSection({ biweight }) {
  if (!biweight) return [];
  return ['## Detrending', '', showBiweight(biweight), provenance(biweight)];
}
