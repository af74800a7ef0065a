/** A square chart of shares against shares as SVG, for the model card: made without a browser. */
const SIZE = 340;
const FRAME = { left: 52, right: 14, top: 34, bottom: 74 };
const STYLES = [
  { colour: '#1b6ca8', dash: '' },
  { colour: '#b5541c', dash: '6 3' },
  { colour: '#3f3f46', dash: '2 3' },
];

/**
 * @param lines { name, points: [[x, y], ...], errors?: [[x, low, high], ...], marked?: boolean }, all 0 to 1
 * @param diagonal draws what is perfect, or worthless
 */
export function squareChart({ title, across, up, lines, diagonal }) {
  const x = (share) => FRAME.left + share * (SIZE - FRAME.left - FRAME.right);
  const y = (share) => SIZE - FRAME.bottom - share * (SIZE - FRAME.top - FRAME.bottom);
  const at = ([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`;
  const text = (left, down, words, more = 'text-anchor="middle"') =>
    `<text x="${left}" y="${down}" ${more}>${words}</text>`;
  const line = (from, to, style) => {
    const [[x1, y1], [x2, y2]] = [from, to].map((point) => at(point).split(','));
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${style}/>`;
  };
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const middle = y(0.5).toFixed(1);
  const parts = [
    `<rect x="${x(0)}" y="${y(1)}" width="${x(1) - x(0)}" height="${y(0) - y(1)}" fill="none" stroke="#999"/>`,
    text(SIZE / 2, 18, title),
    text(x(0.5).toFixed(1), SIZE - 40, across),
    text(14, middle, up, `text-anchor="middle" transform="rotate(-90 14 ${middle})"`),
    ...ticks.map((share) => text(x(share).toFixed(1), y(0) + 16, share)),
    ...ticks.map((share) => text(x(0) - 6, (y(share) + 4).toFixed(1), share, 'text-anchor="end"')),
    diagonal ? line([0, 0], [1, 1], 'stroke="#999" stroke-dasharray="1 2"') : '',
  ];
  lines.forEach(({ name, points, errors = [], marked }, k) => {
    const { colour, dash } = STYLES[k];
    const stroke = `stroke="${colour}" stroke-width="1.6" stroke-dasharray="${dash}"`;
    parts.push(`<polyline points="${points.map(at).join(' ')}" fill="none" ${stroke}/>`);
    for (const [place, low, high] of errors) {
      parts.push(line([place, low], [place, high], `stroke="${colour}"`));
    }
    for (const point of marked ? points : []) {
      const [cx, cy] = at(point).split(',');
      parts.push(`<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colour}"/>`);
    }
    const left = FRAME.left + k * 140;
    parts.push(
      `<line x1="${left}" x2="${left + 24}" y1="${SIZE - 16}" y2="${SIZE - 16}" ${stroke}/>`,
    );
    parts.push(text(left + 30, SIZE - 12, name, 'text-anchor="start"'));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}
