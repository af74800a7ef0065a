import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cases } from './fixtures/cases.js';
import { phasePlot } from './plots/plots.js';
import { toPng } from './png.js';

const svg = phasePlot(cases['one planet']().candidates[0], { target: 'TIC 307210830' });

/** The first pixel of an 8-bit RGB(A) image whose first scanline has no or the left filter. */
function firstPixel(png: Buffer): number[] {
  const at = png.indexOf('IDAT');
  const length = png.readUInt32BE(at - 4);
  return [...inflateSync(png.subarray(at + 4, at + 4 + length), { finishFlush: 2 }).subarray(1, 5)];
}

describe('toPng', () => {
  it('B.10 draws the same bytes each time, in the width that was asked for', () => {
    const png = Buffer.from(toPng(svg, 900));
    expect(png.equals(Buffer.from(toPng(svg, 900)))).toBe(true);
    expect(png.readUInt32BE(16)).toBe(900);
    expect(png.readUInt32BE(20)).toBe(650);
    expect(png.length).toBeLessThan(250_000);
  });

  it('has an opaque white background', () => {
    expect(firstPixel(Buffer.from(toPng(svg, 300)))).toEqual([255, 255, 255, 255]);
  });

  it('draws letters: without the title the picture is another one', () => {
    const silent = svg.replace(/<text[^>]*>[^<]*<\/text>/g, '');
    expect(Buffer.from(toPng(silent, 400)).equals(Buffer.from(toPng(svg, 400)))).toBe(false);
  });

  it.each([0, -1, 1.5, NaN, 8193])('refuses a width of %d', (width) => {
    expect(() => toPng(svg, width)).toThrow('width must be a whole number from 1 to 8192');
  });
});
