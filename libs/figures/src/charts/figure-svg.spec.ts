import { describe, expect, it } from 'vitest';
import { xmlOffence } from '../fixtures/figure-check.js';
import { figureToSvg } from './figure-svg.js';
import { Sketch } from './sketch.js';

describe('figureToSvg', () => {
  it('escapes what a hostile file calls its target', () => {
    const sketch = new Sketch(100, 50, 10);
    sketch.text(1, 10, '</text><script>"&\u0000\u0008\ud800');
    const svg = figureToSvg(sketch.figure('A & B <i>'));
    expect(xmlOffence(svg)).toBeNull();
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;&quot;&amp;</text>');
    for (const forbidden of ['\u0000', '\u0008', '\ud800']) expect(svg).not.toContain(forbidden);
  });

  it('writes relative steps that end where the line ends, whatever the rounding', () => {
    const sketch = new Sketch(100, 50, 10);
    const line = Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? i / 30 : Math.sin(i) * 20));
    sketch.line(line, { stroke: '#000000' });
    const d = / d="([^"]+)"/.exec(figureToSvg(sketch.figure('')))?.[1] ?? '';
    let [x, y] = [0, 0];
    for (const [, command, rest] of d.matchAll(/([Mlhv])([^Mlhv]+)/g)) {
      const [a, b = 0] = (rest.match(/-?(\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
      if (command === 'M') [x, y] = [a, b];
      else if (command === 'h') x += a;
      else if (command === 'v') y += a;
      else [x, y] = [x + a, y + b];
    }
    expect(x).toBeCloseTo(line[1998], 2);
    expect(y).toBeCloseTo(line[1999], 2);
  });

  it('B.18 writes what lies under several figures once, and each as if it were in one piece', () => {
    const box = (x: number) => ({ x, y: 0, width: 10, height: 10 });
    const line = (x: number, stroke: string) => {
      const sketch = new Sketch(100, 50, 10);
      sketch.line([x, 0, x + 9, 9.5], { stroke, clip: box(x) });
      return sketch.figure('');
    };
    const under = line(0, '#000000');
    for (const stroke of ['#ff0000', '#00ff00']) {
      const over = [...line(0, stroke).shapes, ...line(20, stroke).shapes];
      const apart = figureToSvg({ ...under, shapes: over, under });
      expect(apart).toBe(figureToSvg({ ...under, shapes: [...under.shapes, ...over] }));
      expect(apart.match(/<clipPath /g)).toHaveLength(2);
    }
  });

  it('writes at most two decimals and no zero that says nothing', () => {
    const sketch = new Sketch(100, 50, 10);
    sketch.line([0.05, -0.5, 10, 0.299, 109.99, -3.25, 109.99, -3.25], { stroke: '#000000' });
    expect(figureToSvg(sketch.figure(''))).toContain('d="M.05 -.5l9.95 .8l99.99-3.55h0"');
  });

  it('breaks a line where a coordinate is not a number', () => {
    const sketch = new Sketch(100, 50, 10);
    sketch.line([0, 0, 1, 1, 2, NaN, 3, 3, 4, 4], { stroke: '#000000' });
    expect(sketch.figure('').shapes).toMatchObject([
      {
        lines: [
          [0, 0, 1, 1],
          [3, 3, 4, 4],
        ],
      },
    ]);
  });
});
