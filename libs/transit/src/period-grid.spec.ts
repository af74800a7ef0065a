import { describe, expect, it } from 'vitest';
import {
  circularDurationDays,
  durationLadder,
  durationRange,
  periodOfDuration,
  stellarDensity,
  transitPeriods,
} from './period-grid.js';

describe('transit durations', () => {
  it('are 13 hours for the Earth and 1.6 for a planet around a star ten times as dense', () => {
    // T0 = 13 h (P / yr)^(1/3) (rho / rho_sun)^(-1/3): Seager & Mallén-Ornelas 2003, eq. 19
    expect(24 * circularDurationDays(365.25, 1)).toBeCloseTo(12.95, 1);
    expect(24 * circularDurationDays(7.45, 10)).toBeCloseTo(1.64, 1);
  });

  it('are found back from the period', () => {
    const duration = 0.8 * circularDurationDays(33, 2.5);
    expect(periodOfDuration(duration, 0.8, 2.5)).toBeCloseTo(33, 9);
  });

  it('never exceed a quarter of the period', () => {
    const { shortestDays, longestDays } = durationRange(0.2, {
      solar: 0.01,
      isKnown: true,
      dex: 0.15,
    });
    expect(longestDays).toBe(0.05);
    expect(shortestDays).toBeLessThanOrEqual(longestDays);
  });

  it('are tried in even steps of at most 1.6 with both ends', () => {
    const ladder = durationLadder(0.05, 0.5);
    expect(ladder[0]).toBe(0.05);
    expect(ladder.at(-1)).toBeCloseTo(0.5, 12);
    ladder.slice(1).forEach((d, i) => expect(d / ladder[i]).toBeLessThanOrEqual(1.6 + 1e-12));
    expect(durationLadder(0.05, 0.05)).toEqual([0.05]);
  });
});

describe('stellarDensity', () => {
  it('comes from mass and radius, or gravity and radius', () => {
    expect(stellarDensity({ massSun: 0.5, radiusSun: 0.5 })).toEqual({
      solar: 4,
      isKnown: true,
      dex: 0.15,
    });
    expect(stellarDensity({ logg: 4.438, radiusSun: 1 }).solar).toBeCloseTo(1, 2);
  });

  it("is the Sun's where nothing is known or a catalogue errs", () => {
    expect(stellarDensity({}).isKnown).toBe(false);
    expect(stellarDensity({ radiusSun: -1, logg: -1 }).isKnown).toBe(false);
    expect(stellarDensity({ massSun: 1, radiusSun: 1e-9 })).toEqual({
      solar: 1,
      isKnown: false,
      dex: 0.6,
    });
  });
});

describe('transitPeriods', () => {
  const options = {
    minPeriodDays: 0.5,
    maxPeriodDays: 45,
    spanDays: 90,
    densitySun: 1,
    oversampling: 1,
  };

  it('are as many as Ofir 2014 gives, from end to end', () => {
    const periods = transitPeriods(options);
    expect(periods[0]).toBe(0.5);
    expect(periods.at(-1)).toBe(45);
    // N = (f_max^(1/3) - f_min^(1/3)) · 3 / A, A = (2π)^(2/3)/π · R/(GM)^(1/3) / S. With
    // R/(GM)^(1/3) of the Sun: 6.957e8 / 1.3271244e20^(1/3) = 136.4 s^(2/3) = 0.06981 d^(2/3)
    const a = (((2 * Math.PI) ** (2 / 3) / Math.PI) * 0.06981) / 90;
    const count = ((Math.cbrt(2) - Math.cbrt(1 / 45)) * 3) / a;
    expect(Math.abs(periods.length - count)).toBeLessThan(0.001 * count + 2);
    expect(transitPeriods({ ...options, oversampling: 3 }).length / periods.length).toBeCloseTo(
      3,
      2,
    );
  });

  it('lie so close that no transit drifts by its own length over the span', () => {
    const periods = transitPeriods(options);
    for (let i = 1; i < periods.length; i++) {
      const drift = (90 / periods[i]) * (periods[i] - periods[i - 1]);
      expect(drift).toBeGreaterThan(0);
      expect(drift).toBeLessThan(1.01 * circularDurationDays(periods[i], 1));
    }
  });

  it('refuse periods out of order and no span', () => {
    expect(() => transitPeriods({ ...options, maxPeriodDays: 0.4 })).toThrow(
      'minPeriodDays must be > 0 and below maxPeriodDays, not 0.5 and 0.4',
    );
    expect(() => transitPeriods({ ...options, spanDays: 0 })).toThrow('spanDays must be > 0');
  });
});
