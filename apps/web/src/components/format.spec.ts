import { describe, expect, it } from 'vitest';
import { bytes, moment, period, smallChance, withError } from './format.js';

describe('format', () => {
  it('writes sizes with three digits at most and the fitting unit', () => {
    expect(bytes(0)).toBe('0 B');
    expect(bytes(999)).toBe('999 B');
    expect(bytes(1500)).toBe('1.5 kB');
    expect(bytes(466_560)).toBe('467 kB');
    expect(bytes(2.5e12)).toBe('2.5 TB');
  });

  it('cuts a value where its error makes the digits meaningless', () => {
    expect(withError({ value: 3.141592653, error: 0.00123 })).toBe('3.1416 ± 0.0012');
    expect(withError({ value: 8049.2, error: 31 })).toBe('8049 ± 31');
  });

  it('shows a value alone where its error is unknown', () => {
    expect(withError({ value: 0.3456789, error: null })).toBe('0.34568');
  });

  it('writes a chance that is tiny as a power of ten', () => {
    expect(smallChance(0.0234)).toBe('0.023');
    expect(smallChance(3e-9)).toBe('< 10^-8');
    expect(smallChance(0)).toBe('< 10^-99');
    expect(smallChance(null)).toBe('not asked');
  });

  it('gives short periods more digits and moments in UTC', () => {
    expect(period(0.437808)).toBe('0.43781');
    expect(period(331.597273)).toBe('331.5973');
    expect(moment(new Date(0))).toBe('1970-01-01 00:00 UTC');
  });
});
