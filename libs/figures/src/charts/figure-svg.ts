import type { Box, Figure, Shape } from './figure.js';
import { paper } from './palette.js';

/** First the font of the measurements, then what a browser has of about the same width. */
const FONTS = `'DejaVu Sans Condensed','Arial','DejaVu Sans',sans-serif`;

/** The figure as a standalone SVG document. The same figure gives the same string. */
export function figureToSvg(figure: Figure): string {
  const { clips, body } = elements(figure);
  const definitions = [...clips].map(
    ([geometry, id]) => `<clipPath id="${id}"><rect ${geometry}/></clipPath>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(figure.width)} ${n(figure.height)}" ` +
      `width="${n(figure.width)}" height="${n(figure.height)}" role="img" font-family="${FONTS}">`,
    `<title>${escape(figure.title)}</title>`,
    definitions.length > 0 ? `<defs>${definitions.join('')}</defs>` : '',
    `<rect width="100%" height="100%" fill="${paper}"/>`,
    body,
    '</svg>\n',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

interface Elements {
  readonly body: string;
  /** Geometry and name of each clip. */
  readonly clips: Map<string, string>;
}

/** Of what lies under several figures, for as long as it lives. */
const written = new WeakMap<Figure, Elements>();

function elements({ under, shapes }: Figure): Elements {
  const below = under && (written.get(under) ?? elements(under));
  if (under && below) written.set(under, below);
  const clips = new Map(below?.clips);
  const body = [...(below ? [below.body] : []), ...shapes.map((shape) => element(shape, clips))];
  return { body: body.join('\n'), clips };
}

function element(shape: Shape, clips: Map<string, string>): string {
  switch (shape.kind) {
    case 'path': {
      const pen = [
        `fill="${shape.fill ?? 'none'}"`,
        shape.stroke ? `stroke="${shape.stroke}" stroke-width="${n(shape.strokeWidth ?? 1)}"` : '',
        shape.stroke ? 'stroke-linejoin="round"' : '',
        shape.dash ? `stroke-dasharray="${shape.dash.map(n).join(' ')}"` : '',
        clipped(shape.clip, clips),
      ];
      const d = shape.lines.map((line) => polyline(line) + (shape.closed ? 'Z' : '')).join('');
      return `<path d="${d}" ${join(pen)}/>`;
    }
    case 'dots': {
      let d = '';
      for (let i = 0; i < shape.at.length; i += 2) {
        d += `M${n(shape.at[i])} ${n(shape.at[i + 1])}h.01`;
      }
      const pen = [
        `fill="none" stroke="${shape.color}" stroke-width="${n(shape.diameter)}"`,
        'stroke-linecap="round"',
        clipped(shape.clip, clips),
      ];
      return `<path d="${d}" ${join(pen)}/>`;
    }
    case 'text': {
      const attributes = [
        `x="${n(shape.x)}" y="${n(shape.y)}" font-size="${n(shape.size)}" fill="${shape.color}"`,
        shape.bold ? 'font-weight="bold"' : '',
        shape.anchor && shape.anchor !== 'start' ? `text-anchor="${shape.anchor}"` : '',
        shape.upwards ? `transform="rotate(-90 ${n(shape.x)} ${n(shape.y)})"` : '',
      ];
      return `<text ${join(attributes)}>${escape(shape.text)}</text>`;
    }
    case 'image':
      return (
        `<image ${rectangle(shape.box)} preserveAspectRatio="none" image-rendering="optimizeSpeed" ` +
        `href="data:image/png;base64,${shape.pngBase64}"/>`
      );
  }
}

/** Absolute start, then relative steps: half the bytes of absolute ones. */
function polyline(line: readonly number[]): string {
  let d = `M${n(line[0])} ${n(line[1])}`;
  let [x, y] = [Math.round(line[0] * 100), Math.round(line[1] * 100)];
  for (let i = 2; i < line.length; i += 2) {
    const [nextX, nextY] = [Math.round(line[i] * 100), Math.round(line[i + 1] * 100)];
    const [dx, dy] = [nextX - x, nextY - y];
    if (dy === 0) d += `h${hundredths(dx)}`;
    else if (dx === 0) d += `v${hundredths(dy)}`;
    else d += `l${hundredths(dx)}${dy < 0 ? '' : ' '}${hundredths(dy)}`;
    [x, y] = [nextX, nextY];
  }
  return d;
}

function clipped(clip: Box | undefined, clips: Map<string, string>): string {
  if (!clip) return '';
  const geometry = rectangle(clip);
  const id = clips.get(geometry) ?? `clip${clips.size + 1}`;
  clips.set(geometry, id);
  return `clip-path="url(#${id})"`;
}

const rectangle = (box: Box): string =>
  `x="${n(box.x)}" y="${n(box.y)}" width="${n(box.width)}" height="${n(box.height)}"`;

const join = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** At most two decimals, no leading zero: ".5", "-3.25", "0". */
const n = (value: number): string => hundredths(Math.round(value * 100));

function hundredths(count: number): string {
  if (count < 0) return `-${hundredths(-count)}`;
  const whole = Math.floor(count / 100);
  const rest = count - 100 * whole;
  return whole > 0 || rest === 0 ? whole + DECIMALS[rest] : DECIMALS[rest];
}

/** "", ".01" ... ".1" ... ".99" */
const DECIMALS = Array.from({ length: 100 }, (_, count) =>
  count === 0 ? '' : (count / 100).toFixed(2).replace(/^0/, '').replace(/0$/, ''),
);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Also drops what XML 1.0 does not allow at all: a target's name comes from a file. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
