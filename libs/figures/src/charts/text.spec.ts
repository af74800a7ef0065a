import { describe, expect, it } from 'vitest';
import { openFont } from '../fonts.js';
import { counted, measured, significant } from './number-text.js';
import { textWidth, truncate, wrap } from './text-width.js';

describe('text width', () => {
  it.each([
    ['KIC 11442793, candidate 1: phase fold', false],
    ['Relative flux − 1 (ppm) ± 14.44912 d · R⊕ ✓ ✗', false],
    ['TIC 307210830', true],
  ])('is that of the font, within two per cent and never below it: %s', (text, bold) => {
    const real = (openFont(bold ? 'bold' : 'regular').layout(text).advanceWidth / 2048) * 10;
    const ours = textWidth(text, 10, bold);
    expect(ours).toBeGreaterThanOrEqual(real * 0.999);
    expect(ours).toBeLessThanOrEqual(real * 1.02);
  });

  it('cuts with an ellipsis and stays within the width', () => {
    const cut = truncate('a rather long name of a target', 10, 60);
    expect(cut).toMatch(/^a rather.*…$/);
    expect(textWidth(cut, 10)).toBeLessThanOrEqual(60);
    expect(truncate('short', 10, 60)).toBe('short');
    expect(truncate('anything', 10, 1)).toBe('');
  });

  it('wraps without losing a letter, words longer than the line included', () => {
    const text = 'one two 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 three';
    const lines = wrap(text, 10, 80);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    for (const line of lines) expect(textWidth(line, 10)).toBeLessThanOrEqual(80);
  });
});

describe('numbers', () => {
  it('shows a value as precise as two digits of its error', () => {
    expect(measured({ value: 14.449123, error: 0.0002 }, 'd')).toBe('14.44912 ± 0.00020 d');
    expect(measured({ value: 812.4, error: 19.7 }, 'ppm')).toBe('812 ± 20 ppm');
  });

  it('says nothing about an unknown error and dashes an unknown value', () => {
    expect(measured({ value: 14.449123, error: NaN }, 'd', 5)).toBe('14.449 d');
    expect(measured({ value: NaN, error: 1 }, 'd')).toBe('–');
    expect(significant(Infinity)).toBe('–');
  });

  it('keeps significant digits at any size', () => {
    expect([0.00123456, 123456, -0.5, 0].map((value) => significant(value, 3))).toEqual([
      '0.00123',
      '123456',
      '−0.500',
      '0',
    ]);
    expect(significant(1.5e-9, 2)).toBe('1.5e−9');
  });

  it('groups long counts', () => {
    expect([999, 9999, 65214, 1234567].map(counted)).toEqual([
      '999',
      '9999',
      '65 214',
      '1 234 567',
    ]);
  });
});
