/** Result of the biweight bench as Markdown. */
import { provenance, shortTime, table } from '../markdown.mjs';

export function showBiweight({ rounds, windows, target }) {
  const sigma = (value) => `${value.toExponential(1)} σ`;
  const times = (ratio) => `${ratio.toFixed(1)}×`;
  const rows = windows.flatMap(({ windowDays, seconds, cpuSeconds, peers }) => [
    [`${windowDays} d`, 'Lightfold', shortTime(seconds), shortTime(cpuSeconds), '1', '', '1', ''],
    ...peers.map((peer) => [
      `${windowDays} d`,
      peer.title,
      shortTime(peer.seconds),
      shortTime(peer.cpuSeconds),
      times(peer.ratio),
      `${times(peer.least)} – ${times(peer.most)}`,
      times(peer.cpuRatio),
      [peer.differences.median, peer.differences.p99, peer.differences.most].map(sigma).join(', '),
    ]),
  ]);
  const head = [
    'window',
    'one core',
    'time',
    'CPU time',
    'times ours',
    'from round to round',
    'by CPU time',
    'trends differ by (median, 99 %, most)',
  ];
  return [
    table(head, rows),
    '',
    `${windows[0].points.toLocaleString('en')} points, ${rounds} interleaved rounds, medians; one numba thread, its compilation not counted; σ is the noise of one point. Target: at least ${target}×, set against wotan 1.10, which sorts each window anew; wotan 2.1 slides a sorted window in compiled code itself, and 15 times its speed would be less than 20 ns a point, the time of a few sorted insertions.\n`,
  ].join('\n');
}

export function biweightSection({ biweight }) {
  if (!biweight) return [];
  return ['## Detrending', '', showBiweight(biweight), provenance(biweight)];
}
