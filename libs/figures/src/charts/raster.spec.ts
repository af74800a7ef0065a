import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { densityRaster, palettePng } from './raster.js';

const box = { x: 100, y: 50, width: 145, height: 29 };

describe('densityRaster', () => {
  it('shows a lone point as three by three cells at its place', () => {
    const { columns, rows, cells } = densityRaster([172.5], [64.5], box);
    expect([columns, rows]).toEqual([1450, 290]);
    const shown = [...cells.keys()].filter((i) => cells[i] > 0);
    expect(shown).toHaveLength(9);
    expect(cells[145 * columns + 725]).toBe(1);
  });

  it('cuts the cells of a point at the edge and lets none come in on the other side', () => {
    const { columns, rows, cells } = densityRaster([100, 244.99], [50, 78.99], box);
    const shown = [...cells.keys()].filter((i) => cells[i] > 0);
    const last = columns * rows - 1;
    const corners = [
      0,
      1,
      columns,
      columns + 1,
      ...[columns + 1, columns, 1, 0].map((k) => last - k),
    ];
    expect(shown).toEqual(corners);
  });

  it('darkens with the logarithm of the count and never overflows', () => {
    const shade = (count: number): number => {
      const x = new Float64Array(count).fill(172.5);
      const { cells } = densityRaster(
        x,
        x.map(() => 64.5),
        box,
      );
      return cells.reduce((darkest, cell) => Math.max(darkest, cell));
    };
    expect([1, 2, 4, 64, 100_000].map(shade)).toEqual([1, 2, 3, 7, 7]);
  });

  it('leaves out what is outside or not a number', () => {
    const { cells } = densityRaster([99, 300, NaN, 172], [60, 60, 60, 10], box);
    expect(cells.some((cell) => cell > 0)).toBe(false);
  });
});

describe('palettePng', () => {
  it('packs two pixels into a byte where sixteen colours are enough', () => {
    const palette = ['#ffffff', '#000000', '#ff0000', '#00ff00', '#0000ff'];
    const png = Buffer.from(
      palettePng({ columns: 3, rows: 2, cells: Uint8Array.of(0, 1, 2, 3, 4, 0) }, palette),
    );
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([3, 2, 4, 3]);
    const at = png.indexOf('IDAT');
    const scanlines = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect(scanlines.toString('hex')).toBe('000120' + '003400');
  });

  it('refuses more colours than a palette can hold', () => {
    const palette = new Array<string>(257).fill('#000000');
    expect(() => palettePng({ columns: 1, rows: 1, cells: new Uint8Array(1) }, palette)).toThrow(
      'palette has 257 colours, not 256',
    );
  });
});
