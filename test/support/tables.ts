/** Tables as files, made up after that of the Kepler objects of interest. */
import { seeded } from './seeded.js';

const CLASSES = ['CONFIRMED', 'CANDIDATE', 'FALSE POSITIVE'] as const;

/**
 * CSV of objects whose depth and signal tell their class, but for one in twelve that is called
 * something else; every seventh has no depth, two in a row share their star. The same options give the same bytes.
 */
export function aKoiTable({ rows = 240, seed = 11 } = {}): Buffer {
  const random = seeded(seed);
  const lines = ['# KOI-like, made up', 'kepid,period,depth,snr,radius,source,disposition'];
  for (let i = 0; i < rows; i++) {
    const kind = Math.floor(3 * random());
    const period = 0.5 + 60 * random();
    const depth = 200 + 900 * kind + 700 * random();
    const snr = 30 - 8 * kind + 9 * random();
    const radius = Math.sqrt(depth / 84) * (0.9 + 0.2 * random());
    const cells = [period, i % 7 === 0 ? '' : depth, snr, radius].map((cell) =>
      typeof cell === 'number' ? cell.toFixed(4) : cell,
    );
    const source = random() < 0.7 ? 'KEPLER' : 'TESS';
    const called = random() < 0.125 ? Math.floor(3 * random()) : kind;
    lines.push([1000 + (i >> 1), ...cells, source, CLASSES[called]].join(','));
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}
