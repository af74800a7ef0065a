import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.js';
import { CannotStitchError, stitch } from './stitch.js';
import type { Segment } from './types.js';

const aSegment = (fields: Partial<Segment> = {}): Segment => ({
  target: 'TIC 1',
  mission: 'TESS',
  label: 'S1',
  timeSystem: 'BTJD',
  timeOffsetDays: 2457000,
  timeDays: Float64Array.of(1, 2, 3, 4),
  flux: Float64Array.of(10, 12, 10, 10),
  fluxError: Float64Array.of(1, 1, 1, 1),
  flagged: null,
  exposureDays: 0.02,
  fluxColumn: 'PDCSAP_FLUX',
  star: {},
  ...fields,
});

describe('stitch', () => {
  it('B.12 divides each file by its own median and keeps relative errors', () => {
    const later = { label: 'S2', timeDays: Float64Array.of(11, 12), flux: Float64Array.of(2, 4) };
    const { curve } = stitch([
      aSegment(),
      aSegment({ ...later, fluxError: Float64Array.of(1, 1) }),
    ]);
    expect([...curve.flux]).toEqual([1, 1.2, 1, 1, 2 / 3, 4 / 3]);
    expect([...curve.fluxError]).toEqual([0.1, 0.1, 0.1, 0.1, 1 / 3, 1 / 3]);
    expect([...curve.segment]).toEqual([0, 0, 0, 0, 1, 1]);
    expect(curve.timeOffsetDays).toBe(2457000);
  });

  it('puts files of different zero points on the time of the first', () => {
    const kepler = aSegment({
      label: 'Q1',
      timeSystem: 'BKJD',
      timeOffsetDays: 2454833,
      timeDays: Float64Array.of(100, 101, 102, 103),
    });
    const { curve } = stitch([kepler, aSegment()]);
    expect(curve.timeOffsetDays).toBe(2454833);
    expect([...curve.timeDays]).toEqual([100, 101, 102, 103, 2168, 2169, 2170, 2171]);
  });

  it('refuses to join a known zero point with an unknown one, in a sentence', () => {
    const relative = aSegment({ label: 'a.csv', timeSystem: 'relative', timeOffsetDays: NaN });
    expect(() => stitch([aSegment(), relative])).toThrow(
      new CannotStitchError(
        'a.csv does not say from when its times count, S1 does (BTJD); they cannot be put on one time axis.',
      ),
    );
  });

  it('keeps an unknown zero point unknown, and says so', () => {
    const { curve, warnings } = stitch([aSegment({ timeOffsetDays: NaN, timeSystem: 'relative' })]);
    expect(curve.timeOffsetDays).toBeNaN();
    expect(warnings).toContain(
      'The zero point of time is unknown; epochs are in the time of the file.',
    );
  });

  it('refuses files of two targets of one catalogue, accepts two catalogues with a warning', () => {
    expect(() => stitch([aSegment(), aSegment({ target: 'TIC 2' })])).toThrow(
      'The files are of different targets: TIC 1, TIC 2.',
    );
    const later = aSegment({ target: 'KIC 9', timeDays: Float64Array.of(11, 12, 13, 14) });
    expect(stitch([aSegment(), later]).warnings).toContain(
      'The files name their target differently: TIC 1, KIC 9.',
    );
  });

  it('keeps the shorter exposure where two files cover the same time', () => {
    const times = Float64Array.from({ length: 100 }, (_, i) => i * 0.1);
    const long = aSegment({
      label: 'long',
      timeDays: times,
      flux: new Float64Array(100).fill(1),
      fluxError: new Float64Array(100).fill(0.1),
    });
    const short = aSegment({
      label: 'short',
      exposureDays: 0.001,
      timeDays: Float64Array.of(3.05, 3.55, 4.05),
      flux: Float64Array.of(5, 5, 5),
      fluxError: Float64Array.of(1, 1, 1),
    });
    const { curve, warnings } = stitch([long, short]);
    const inside = [...curve.timeDays].filter((time) => time > 3.049 && time < 4.051);
    expect(inside).toEqual([3.05, 3.55, 4.05]);
    expect(curve.timeDays).toHaveLength(93);
    expect(warnings).toContain(
      '10 of 100 points of long were left out: short covers the same time.',
    );
  });

  it('keeps the corrected flux of the mission where two exposures are equally long', () => {
    const other = aSegment({ label: 'QLP', fluxColumn: 'KSPSAP_FLUX', exposureDays: 0.0205 });
    const { curve } = stitch([other, aSegment({ flux: Float64Array.of(7, 7, 7, 14) })]);
    expect([...curve.flux]).toEqual([1, 1, 1, 2]);
    expect([...curve.segment]).toEqual([1, 1, 1, 1]);
  });

  it('estimates missing errors from the scatter of neighbours', () => {
    const [segment] = simulate({ noisePpm: 300, seed: 5 });
    const { curve, warnings } = stitch([{ ...segment, fluxError: null }]);
    // 4000 points: the scatter is known to 2 %
    expect(curve.fluxError[0]).toBeGreaterThan(285e-6);
    expect(curve.fluxError[0]).toBeLessThan(315e-6);
    expect(warnings).toContain(
      'Q1 has no flux errors; they were estimated from its point-to-point scatter.',
    );
  });

  it('refuses a flux around zero, and files without any point', () => {
    expect(() => stitch([aSegment({ flux: Float64Array.of(-1, 0, 0, 1) })])).toThrow(
      'The flux of S1 has the median 0;',
    );
    const empty = aSegment({ flux: new Float64Array(4).fill(NaN) });
    expect(() => stitch([empty])).toThrow('None of the files has a usable point.');
    expect(() => stitch([])).toThrow('There is no file to stitch.');
  });
});
