import { type Weight, openFont } from '../fonts.js';
import { Coverage } from './coverage.js';

/** A letter as it is stamped: levels of its pixels, its corner relative to the whole pixel it stands on. */
export interface Letter {
  readonly levels: Uint8Array;
  readonly width: number;
  readonly x: number;
  readonly y: number;
}

/** Places within a pixel that are told apart: letters are spaced to a quarter of one. */
export const PLACES = 4;
/** Straight pieces of a curve: at 30 pixels an em each is shorter than two pixels. */
const PIECES = 5;

interface Glyph {
  /** In ems, upwards. */
  readonly outlines: readonly (readonly number[])[];
  readonly advance: number;
}

const glyphs = new Map<string, Glyph>();
const letters = new Map<string, Letter>();
/** Letters of sizes beyond the figures' own are not kept for ever. */
const MOST_LETTERS = 4000;

/** Width of a text in ems; without kerning, like `textWidth`. */
export function advanceOf(text: string, weight: Weight): number {
  let width = 0;
  for (const character of text) width += glyphOf(character, weight).advance;
  return width;
}

/**
 * One character as pixels, made once for each size and place within a pixel.
 *
 * @param size pixels an em.
 * @param placeX of its origin within the pixel, in quarters, as `placeY`.
 */
export function letterOf(
  character: string,
  weight: Weight,
  size: number,
  upwards: boolean,
  placeX: number,
  placeY: number,
): Letter {
  const key = `${weight}${upwards ? '^' : '>'}${placeX}${placeY}${size.toFixed(2)}${character}`;
  let letter = letters.get(key);
  if (!letter) {
    if (letters.size >= MOST_LETTERS) letters.clear();
    letter = draw(glyphOf(character, weight), size, upwards, placeX / PLACES, placeY / PLACES);
    letters.set(key, letter);
  }
  return letter;
}

function draw(glyph: Glyph, size: number, upwards: boolean, dx: number, dy: number): Letter {
  const outlines = glyph.outlines.map((outline) => {
    const placed = new Array<number>(outline.length);
    for (let i = 0; i < outline.length; i += 2) {
      const [right, up] = [outline[i] * size, outline[i + 1] * size];
      placed[i] = upwards ? dx - up : dx + right;
      placed[i + 1] = upwards ? dy - right : dy - up;
    }
    return placed;
  });
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const outline of outlines) {
    for (let i = 0; i < outline.length; i += 2) {
      [left, right] = [Math.min(left, outline[i]), Math.max(right, outline[i])];
      [top, bottom] = [Math.min(top, outline[i + 1]), Math.max(bottom, outline[i + 1])];
    }
  }
  if (!(right > left)) return { levels: new Uint8Array(), width: 1, x: 0, y: 0 };
  const [x, y] = [Math.floor(left), Math.floor(top)];
  const [columns, rows] = [Math.ceil(right) - x, Math.ceil(bottom) - y];
  const coverage = new Coverage(columns, rows, new Uint8Array(columns * rows));
  coverage.fill(outlines.map((outline) => outline.map((at, i) => at - (i % 2 === 0 ? x : y))));
  return { levels: coverage.levels, width: coverage.columns, x, y };
}

function glyphOf(character: string, weight: Weight): Glyph {
  const key = weight + character;
  let glyph = glyphs.get(key);
  if (!glyph) {
    const font = openFont(weight);
    const { path, advanceWidth } = font.glyphForCodePoint(character.codePointAt(0) ?? 0);
    const perEm = 1 / font.unitsPerEm;
    glyph = { outlines: flatten(path.commands, perEm), advance: advanceWidth * perEm };
    glyphs.set(key, glyph);
  }
  return glyph;
}

interface Command {
  readonly command: string;
  readonly args: readonly number[];
}

/** Closed polygons; quadratic curves (TrueType has no others) as a few straight pieces. */
function flatten(commands: readonly Command[], scale: number): number[][] {
  const outlines: number[][] = [];
  let outline: number[] = [];
  for (const { command, args } of commands) {
    const at = args.map((value) => value * scale);
    if (command === 'moveTo') {
      outline = [at[0], at[1]];
      outlines.push(outline);
    } else if (command === 'lineTo') {
      outline.push(at[0], at[1]);
    } else if (command === 'quadraticCurveTo') {
      const [x0, y0] = outline.slice(-2);
      for (let k = 1; k <= PIECES; k++) {
        const t = k / PIECES;
        const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
        outline.push(a * x0 + b * at[0] + c * at[2], a * y0 + b * at[1] + c * at[3]);
      }
    }
  }
  return outlines.filter(({ length }) => length >= 6);
}
