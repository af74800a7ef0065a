/** A few lines over one axis as SVG, with the chosen value marked: for documents, made without a browser. */

const WIDTH = 420;
const HEIGHT = 240;
const FRAME = { left: 48, right: 12, top: 34, bottom: 46 };
const STYLES = [
  { colour: '#1b6ca8', dash: '' },
  { colour: '#b5541c', dash: '6 3' },
  { colour: '#3f3f46', dash: '2 3' },
];

/**
 * @param points { value, [line]: 0 to 1 }, values increasing
 * @param lines names of the lines
 */
export function lineChart({ title, lines, chosen, points }) {
  const first = points[0].value;
  const last = points[points.length - 1].value;
  const x = (value) =>
    FRAME.left + ((value - first) / (last - first)) * (WIDTH - FRAME.left - FRAME.right);
  const y = (share) => HEIGHT - FRAME.bottom - share * (HEIGHT - FRAME.top - FRAME.bottom);
  const text = (at, down, words, anchor = 'middle') =>
    `<text x="${at.toFixed(1)}" y="${down.toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
  const parts = [
    `<rect x="${FRAME.left}" y="${FRAME.top}" width="${WIDTH - FRAME.left - FRAME.right}" height="${HEIGHT - FRAME.top - FRAME.bottom}" fill="none" stroke="#999"/>`,
    text(WIDTH / 2, 18, title),
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => text(FRAME.left - 6, y(share) + 4, share, 'end')),
    ...[0, 0.25, 0.5, 0.75, 1].map((part) => {
      const value = first + part * (last - first);
      return text(x(value), HEIGHT - FRAME.bottom + 16, Number(value.toPrecision(3)));
    }),
    `<line x1="${x(chosen).toFixed(1)}" x2="${x(chosen).toFixed(1)}" y1="${FRAME.top}" y2="${HEIGHT - FRAME.bottom}" stroke="#999" stroke-dasharray="1 2"/>`,
    ...lines.map((line, k) => {
      const path = points.map(
        (point) => `${x(point.value).toFixed(1)},${y(point[line]).toFixed(1)}`,
      );
      const { colour, dash } = STYLES[k];
      return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-dasharray="${dash}"/>`;
    }),
    ...lines.map((line, k) => {
      const at = FRAME.left + 8 + k * 120;
      const { colour, dash } = STYLES[k];
      return `<line x1="${at}" x2="${at + 24}" y1="${HEIGHT - 12}" y2="${HEIGHT - 12}" stroke="${colour}" stroke-width="1.6" stroke-dasharray="${dash}"/>${text(at + 30, HEIGHT - 8, line, 'start')}`;
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}
