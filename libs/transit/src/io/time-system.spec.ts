import { describe, expect, it } from 'vitest';
import { IssueLog } from './issues.js';
import { resolveTimeSystem, type TimeEvidence } from './time-system.js';

const resolve = (changes: Partial<TimeEvidence>) => {
  const log = new IssueLog();
  const resolved = resolveTimeSystem(
    {
      columnName: 'time',
      unit: null,
      headerOffsetDays: null,
      mission: 'unknown',
      minDays: 1400,
      maxDays: 1427,
      cadenceDays: 0.0123,
      ...changes,
    },
    log,
  );
  return { ...resolved, codes: log.list().map((each) => each.code) };
};

describe('time system', () => {
  it.each([
    [{ columnName: 'time_bkjd' }, 'BKJD', 2_454_833],
    [{ columnName: 'BTJD' }, 'BTJD', 2_457_000],
    [{ columnName: 'BJD - 2457000' }, 'BTJD', 2_457_000],
    [{ unit: 'BJD - 2454833, days' }, 'BKJD', 2_454_833],
    [{ columnName: 'time_bjd', minDays: 2_458_325, maxDays: 2_458_353 }, 'BJD', 0],
    [{ columnName: 'mjd', minDays: 58_325, maxDays: 58_353 }, 'MJD', 2_400_000.5],
    [{ columnName: 'BJD-2450000', minDays: 8_325, maxDays: 8_353 }, 'JD-2450000', 2_450_000],
    [{ headerOffsetDays: 2_457_000 }, 'BTJD', 2_457_000],
  ] as const)('is what is stated: %j is %s', (evidence, system, offsetDays) => {
    expect(resolve(evidence)).toEqual({ system, offsetDays, shiftDays: 0, codes: [] });
  });

  it.each([
    ['full Julian dates', { minDays: 2_455_000, maxDays: 2_455_100 }, 'BJD'],
    ['modified Julian dates', { minDays: 58_325, maxDays: 58_353 }, 'MJD'],
    ['dates less 2450000', { minDays: 8_468, maxDays: 8_490 }, 'JD-2450000'],
    ['before TESS', { minDays: 260, maxDays: 349 }, 'BKJD'],
    ['all of Kepler', { minDays: 131, maxDays: 1591 }, 'BKJD'],
    ['after K2', { minDays: 3700, maxDays: 3727 }, 'BTJD'],
    ['between Kepler and K2', { minDays: 1700, maxDays: 1727 }, 'BTJD'],
    ['K2 or TESS, sampled as TESS', { minDays: 2100, cadenceDays: 120.01 / 86_400 }, 'BTJD'],
    ['K2 or TESS, sampled as K2', { minDays: 2100, cadenceDays: 29.4216 / 1440 }, 'BKJD'],
    ['Kepler or TESS, of a TIC target', { mission: 'TESS' }, 'BTJD'],
    ['Kepler or TESS, of a KIC target', { mission: 'Kepler' }, 'BKJD'],
    ['BJD over reduced dates', { columnName: 'BJD', minDays: 8_468, maxDays: 8_490 }, 'JD-2450000'],
  ] as const)('is guessed from %s, with a warning', (_, evidence, system) => {
    const minDays = 'minDays' in evidence ? evidence.minDays : 1400;
    const found = resolve({ maxDays: minDays + 27, ...evidence });
    expect(found).toMatchObject({ system, codes: ['time_system_guessed'] });
  });

  it.each([
    ['Kepler or TESS, neither cadence', {}],
    ['time since the start', { minDays: 0, maxDays: 27 }],
    ['a TIC target before TESS', { mission: 'TESS', minDays: 200, maxDays: 227 }],
    ['a Kepler target long after', { mission: 'Kepler', minDays: 4000, maxDays: 4027 }],
  ] as const)('stays relative for %s', (_, evidence) => {
    const { system, offsetDays, codes } = resolve(evidence);
    expect({ system, offsetDays }).toEqual({ system: 'relative', offsetDays: NaN });
    expect(codes).toEqual(['time_system_unclear']);
  });

  it('moves times with an unusual zero point to full BJD', () => {
    expect(resolve({ headerOffsetDays: 2_455_000.25 })).toEqual({
      system: 'BJD',
      offsetDays: 0,
      shiftDays: 2_455_000.25,
      codes: [],
    });
  });

  it('refuses a zero point that the values contradict', () => {
    expect(() =>
      resolve({ headerOffsetDays: 2_457_000, minDays: 58_325, maxDays: 58_353 }),
    ).toThrow(/no date between 1968 and 2077/);
  });
});
