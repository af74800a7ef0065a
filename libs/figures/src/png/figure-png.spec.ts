import { describe, expect, it } from 'vitest';
import type { Figure, Shape } from '../charts/figure.js';
import { imageShape, moveImage, palettePng, readPalettePng } from '../charts/raster.js';
import { cases } from '../fixtures/cases.js';
import { phaseFigure } from '../plots/phase.js';
import { figureToPng } from './figure-png.js';

const figure = phaseFigure(cases['one planet']().candidates[0], { target: 'TIC 307210830' });

/** Colours of the pixels of a drawing, "#rrggbb", row by row. */
function pixels(shapes: readonly Shape[], size = 10): string[][] {
  const drawing: Figure = { width: size, height: size, title: '', shapes };
  const { raster, palette } = readPalettePng(figureToPng(drawing, size));
  return Array.from({ length: raster.rows }, (_, row) =>
    Array.from({ length: raster.columns }, (_, k) => palette[raster.cells[row * size + k]]),
  );
}

const black = '#000000';
const white = '#ffffff';
const square = (from: number, to: number) => [from, from, to, from, to, to, from, to];
const count = (picture: readonly (readonly string[])[], colour: string) =>
  picture.flat().filter((each) => each === colour).length;
/** How much black lies on the paper, in pixels. */
const inked = (picture: readonly (readonly string[])[]) =>
  picture.flat().reduce((sum, each) => sum + 1 - parseInt(each.slice(1, 3), 16) / 255, 0);

describe('figureToPng', () => {
  it('B.10 draws the same bytes each time, in the width that was asked for', () => {
    const png = Buffer.from(figureToPng(figure, 900));
    expect(png.equals(Buffer.from(figureToPng(figure, 900)))).toBe(true);
    expect(png.readUInt32BE(16)).toBe(900);
    expect(png.readUInt32BE(20)).toBe(650);
    expect(Buffer.from(figureToPng(figure)).readUInt32BE(16)).toBe(1440);
    expect(figureToPng(figure).length).toBeLessThan(250_000);
  });

  it('has an opaque white background', () => {
    expect(new Set(pixels([]).flat())).toEqual(new Set([white]));
  });

  it('fills a polygon, its edges by the part of each pixel that it covers', () => {
    const picture = pixels([{ kind: 'path', lines: [square(2, 6.5)], closed: true, fill: black }]);
    expect(count(picture, black)).toBe(16);
    expect(picture[2][6]).toBe(picture[6][2]);
    const half = parseInt(picture[2][6].slice(1, 3), 16);
    expect(Math.abs(half - 127.5)).toBeLessThan(9); // half of a fifteenth
    expect(inked(picture)).toBeCloseTo(4.5 * 4.5, 0);
  });

  it('covers the area of a triangle and of a disk', () => {
    const triangle = pixels(
      [{ kind: 'path', lines: [[3, 4, 45, 11, 20, 46]], closed: true, fill: black }],
      50,
    );
    expect(Math.abs(inked(triangle) / 822.5 - 1)).toBeLessThan(0.01);
    const disk = pixels([{ kind: 'dots', at: [24.3, 25.6], diameter: 30, color: black }], 50);
    expect(Math.abs(inked(disk) / (Math.PI * 225) - 1)).toBeLessThan(0.01);
  });

  it('cuts the hole of an outline that runs the other way', () => {
    const hole = [4, 4, 4, 6, 6, 6, 6, 4];
    const picture = pixels([
      { kind: 'path', lines: [square(2, 8), hole], closed: true, fill: black },
    ]);
    expect(count(picture, black)).toBe(32);
    expect(picture[5][5]).toBe(white);
  });

  it('strokes as wide as it is told, cut straight at the ends, thin ones lighter', () => {
    const line = (strokeWidth: number): Shape => ({
      kind: 'path',
      lines: [[10, 25, 40, 25]],
      stroke: black,
      strokeWidth,
    });
    for (const width of [0.4, 1, 4]) {
      expect(Math.abs(inked(pixels([line(width)], 50)) / (30 * width) - 1)).toBeLessThan(0.07);
    }
    const slanted: Shape = { ...line(3), lines: [[10, 10, 40, 40]] } as Shape;
    expect(Math.abs(inked(pixels([slanted], 50)) / (3 * Math.hypot(30, 30)) - 1)).toBeLessThan(
      0.03,
    );
  });

  it('breaks a stroke into dashes', () => {
    const line: Shape = {
      kind: 'path',
      lines: [[0, 5, 10, 5]],
      stroke: black,
      strokeWidth: 2,
      dash: [2, 1],
    };
    const row = pixels([line])[5]
      .map((each) => (each === white ? '.' : '#'))
      .join('');
    expect(row).toBe('##.##.##.#');
  });

  it('keeps within its clip', () => {
    const clip = { x: 2, y: 3, width: 4, height: 5 };
    const shape: Shape = { kind: 'path', lines: [square(0, 10)], closed: true, fill: black, clip };
    expect(count(pixels([shape]), black)).toBe(20);
  });

  it('draws each pixel of an image, and none outside of the paper', () => {
    const raster = { columns: 2, rows: 2, cells: Uint8Array.of(0, 1, 1, 0) };
    const png = palettePng(raster, ['#112233', '#445566']);
    const box = { x: 6, y: 0, width: 8, height: 4 };
    const image: Shape = { kind: 'image', box, pngBase64: Buffer.from(png).toString('base64') };
    const picture = pixels([image]);
    expect(picture[0].slice(5)).toEqual([white, ...new Array<string>(4).fill('#112233')]);
    expect(picture[3].slice(5)).toEqual([white, ...new Array<string>(4).fill('#445566')]);
    expect(picture[4]).toEqual(new Array<string>(10).fill(white));
  });

  it('draws an image that is made here and one that came as JSON alike, also where it was moved', () => {
    const cells = Uint8Array.from({ length: 7 * 5 }, (_, i) => i % 3);
    const raster = { columns: 7, rows: 5, cells };
    const made = imageShape({ x: 0, y: 0, width: 9, height: 8 }, raster, [white, black, '#334455']);
    const moved = moveImage(made, { x: 1, y: 2, width: 8, height: 8 });
    const asJson = JSON.parse(JSON.stringify(moved)) as Shape;
    expect(pixels([moved])).toEqual(pixels([asJson]));
    expect(pixels([moved])).not.toEqual(pixels([made]));
  });

  it('B.18 paints what lies under several figures once, and each as if it had been drawn in one go', () => {
    const under: Figure = {
      width: 20,
      height: 20,
      title: '',
      shapes: [
        { kind: 'path', lines: [square(1.3, 12.6)], closed: true, fill: '#3366aa' },
        { kind: 'dots', at: [14, 14], diameter: 5, color: '#aa3322' },
      ],
    };
    const titled = (text: string): Shape => {
      return { kind: 'text', x: 2, y: 9, text, size: 8, color: black };
    };
    const picture = (drawing: Figure) => {
      const { raster, palette } = readPalettePng(figureToPng(drawing));
      return Array.from(raster.cells, (cell) => palette[cell]);
    };
    const pictures = ['A', 'B', 'A'].map((text) => {
      const apart = picture({ ...under, shapes: [titled(text)], under });
      expect(apart).toEqual(picture({ ...under, shapes: [...under.shapes, titled(text)] }));
      return apart;
    });
    expect(pictures[2]).toEqual(pictures[0]);
    expect(pictures[1]).not.toEqual(pictures[0]);
    const wider = { ...under, shapes: [titled('A')], under };
    expect(Buffer.from(figureToPng(wider, 60)).readUInt32BE(16)).toBe(60);
    expect(picture(wider)).toEqual(pictures[0]);
  });

  it('writes letters where they belong: from, to and around a place, and upwards', () => {
    const ink = (anchor: 'start' | 'middle' | 'end', upwards = false) => {
      const picture = pixels(
        [{ kind: 'text', x: 50, y: 50, text: 'Hm', size: 16, color: black, anchor, upwards }],
        100,
      );
      const columns = picture[0].map((_, k) => picture.some((row) => row[k] !== white));
      const rows = picture.map((row) => row.some((each) => each !== white));
      return {
        x: [columns.indexOf(true), columns.lastIndexOf(true)],
        y: [rows.indexOf(true), rows.lastIndexOf(true)],
      };
    };
    // "Hm" is (673 + 876) / 1000 of 16 wide, a capital 0.73 of 16 high.
    expect(ink('start').x[0]).toBeGreaterThanOrEqual(50);
    expect(ink('start').x[1]).toBeLessThan(75);
    expect(ink('end').x[1]).toBeLessThanOrEqual(50);
    expect(ink('middle').x[0]).toBeGreaterThan(36);
    expect(ink('middle').x[1]).toBeLessThan(64);
    expect(ink('start').y[1] - ink('start').y[0]).toBeCloseTo(11, 0);
    expect(ink('start').y[1]).toBeLessThanOrEqual(50);
    const up = ink('start', true);
    expect(up.y[1]).toBeLessThanOrEqual(50);
    expect(up.y[0]).toBeGreaterThan(25);
    expect(up.x[1]).toBeLessThanOrEqual(50);
  });

  it('draws more colours than a palette holds with the nearest ones', () => {
    const lines = Array.from({ length: 400 }, (_, i): Shape => {
      const grey = (i % 256).toString(16).padStart(2, '0');
      const color = i < 256 ? `#${grey}0000` : `#${grey}${grey}${grey}`;
      return {
        kind: 'dots',
        at: [10 + (i % 20) * 4, 10 + Math.floor(i / 20) * 4],
        diameter: 3,
        color,
      };
    });
    const picture = pixels(lines, 100);
    expect(new Set(picture.flat()).size).toBeLessThanOrEqual(256);
    expect(picture[10][50]).toMatch(/^#0[89a]0000$/); // the eleventh dot is #0a0000
  });

  it.each([0, -1, 1.5, NaN, 8193])('refuses a width of %d', (width) => {
    expect(() => figureToPng(figure, width)).toThrow('width must be a whole number from 1 to 8192');
  });
});
