import { describe, expect, it } from 'vitest';
import {
  binaryTable,
  card,
  codesOf,
  type FixtureColumn,
  fitsFile,
  fluxColumn,
  headerUnit,
  primary,
  read,
  timeColumn,
} from './curve.fixture.js';

const withFlux = (column: Omit<FixtureColumn, 'name'>) =>
  fitsFile([
    { name: 'PAD', form: '3A', bytes: 3 },
    timeColumn,
    { name: 'BITS', form: '11X', bytes: 2 },
    { name: 'FLUX', ...column },
    { name: 'QUALITY', form: 'I', bytes: 2, write: (b, at, row) => b.writeInt16BE(row % 2, at) },
  ]);

describe('FITS columns', () => {
  it.each<[string, Omit<FixtureColumn, 'name'>, (row: number) => number]>([
    [
      'unsigned bytes',
      { form: 'B', bytes: 1, write: (b, at, r) => b.writeUInt8(100 + r, at) },
      (r) => 100 + r,
    ],
    [
      '16 bits',
      { form: 'I', bytes: 2, write: (b, at, r) => b.writeInt16BE(r + 9000, at) },
      (r) => r + 9000,
    ],
    [
      '32 bits',
      { form: '1J', bytes: 4, write: (b, at, r) => b.writeInt32BE(r + 70_000, at) },
      (r) => r + 70_000,
    ],
    [
      '64 bits',
      { form: 'K', bytes: 8, write: (b, at, r) => b.writeBigInt64BE(2n ** 40n + BigInt(r), at) },
      (r) => 2 ** 40 + r,
    ],
    [
      'single precision',
      { form: 'E', bytes: 4, write: (b, at, r) => b.writeFloatBE(1 + r / 4, at) },
      (r) => 1 + r / 4,
    ],
    [
      'double precision',
      { form: '1D', bytes: 8, write: (b, at, r) => b.writeDoubleBE(1 + r / 10, at) },
      (r) => 1 + r / 10,
    ],
    [
      'unsigned 16 bits (TZERO)',
      { form: 'I', bytes: 2, cards: { TZERO: 32_768 }, write: (b, at, r) => b.writeInt16BE(r, at) },
      (r) => r + 32_768,
    ],
    [
      'scaled integers (TSCAL, TZERO)',
      {
        form: 'I',
        bytes: 2,
        cards: { TSCAL: 0.5, TZERO: 10 },
        write: (b, at, r) => b.writeInt16BE(r, at),
      },
      (r) => 10 + r / 2,
    ],
    [
      'logicals',
      { form: 'L', bytes: 1, write: (b, at, r) => b.write(r === 3 ? 'F' : 'T', at) },
      (r) => (r === 3 ? 0 : 1),
    ],
  ])('are read from %s', async (_, column, expected) => {
    const { segment, issues } = await read(withFlux(column));
    expect(issues.filter((each) => each.severity === 'error')).toEqual([]);
    expect(segment?.flux).toEqual(Float64Array.from({ length: 100 }, (__, row) => expected(row)));
    expect(segment?.timeDays[99]).toBe(1400 + 99 / 48);
    expect(segment?.flagged?.slice(0, 3)).toEqual(Uint8Array.of(0, 1, 0));
  });

  it('are missing where an integer equals TNULL and where a float is NaN', async () => {
    const integers = await read(
      withFlux({
        form: 'J',
        bytes: 4,
        cards: { TNULL: -1, TSCAL: 2 },
        write: (buffer, at, row) => buffer.writeInt32BE(row === 5 ? -1 : row + 1, at),
      }),
    );
    expect(integers.segment?.flux[5]).toBeNaN();
    expect(integers.segment?.flux[6]).toBe(14);
    const floats = await read(
      withFlux({
        form: 'E',
        bytes: 4,
        write: (b, at, row) => b.writeFloatBE(row === 5 ? NaN : row + 1, at),
      }),
    );
    expect(floats.summary).toMatchObject({ points: 100, nonFiniteShare: 0.01, usablePoints: 50 });
  });

  it.each([1, 7, 79, 2879, 2881, 100_000])(
    'do not depend on chunks of %i bytes',
    async (chunkBytes) => {
      const bytes = fitsFile([timeColumn, fluxColumn], 300);
      const whole = await read(bytes);
      const parts = await read(bytes, 'curve', { chunkBytes });
      expect(parts).toEqual(whole);
      expect(parts.segment?.flux).toHaveLength(300);
    },
  );
});

describe('FITS headers', () => {
  const table = binaryTable([timeColumn, fluxColumn]);
  const readWith = (...cards: string[]) => read(Buffer.concat([primary(cards), table]));

  it('name target, mission, season and star', async () => {
    const { segment } = await readWith(
      card('TELESCOP', 'Kepler'),
      card('MISSION', 'K2'),
      card('OBJECT', 'EPIC 206103150'),
      card('KEPLERID', 206103150),
      card('CAMPAIGN', 3),
      'TEFF    =             5.576D+03 / [K]',
      card('LOGG', 4.3),
      card('RADIUS', 1.1),
      card('FEH', 0.36),
      card('RA_OBJ', 331.2),
      card('DEC_OBJ', -12),
      card('KEPMAG', 11.76),
    );
    expect(segment).toMatchObject({
      target: 'EPIC 206103150',
      mission: 'K2',
      label: 'C3',
      star: {
        effectiveTemperatureK: 5576,
        logg: 4.3,
        radiusSun: 1.1,
        metallicity: 0.36,
        rightAscensionDeg: 331.2,
        declinationDeg: -12,
        magnitude: 11.76,
      },
    });
  });

  it.each([
    [[card('KEPLERID', 11442793), card('TELESCOP', 'Kepler')], 'KIC 11442793', 'Kepler'],
    [[card('KEPLERID', 206103150), card('TELESCOP', 'Kepler')], 'EPIC 206103150', 'K2'],
    [[card('TICID', 25155310), card('TELESCOP', 'TESS')], 'TIC 25155310', 'TESS'],
    [[card('OBJECT', 'WASP-12')], 'WASP-12', 'unknown'],
    [[], null, 'unknown'],
  ])('give the target without the usual OBJECT: %j', async (cards, target, mission) => {
    expect((await readWith(...cards)).segment).toMatchObject({ target, mission });
  });

  it('tell whose quality bits they are', async () => {
    const quality = {
      name: 'QUALITY',
      form: 'J',
      bytes: 4,
      write: (buffer: Buffer, at: number, row: number) => buffer.writeInt32BE(2 ** (row % 3), at),
    }; // attitude tweak, safe mode, coarse point; then cosmic rays, which are kept
    const cosmic = {
      ...quality,
      write: (buffer: Buffer, at: number) => buffer.writeInt32BE(64, at),
    };
    const flagsOf = async (column: typeof quality, ...cards: string[]) => {
      const parts = [primary(cards), binaryTable([timeColumn, fluxColumn, column])];
      const { summary } = await read(Buffer.concat(parts));
      return summary && summary.points - summary.usablePoints;
    };
    expect(await flagsOf(quality, card('TELESCOP', 'TESS'))).toBe(100);
    expect(await flagsOf(cosmic, card('TELESCOP', 'TESS'))).toBe(0);
    expect(await flagsOf(cosmic)).toBe(100);
  });

  it('may write -1 for what is unknown of the star', async () => {
    const unknown = ['LOGG', 'RADIUS', 'MH'].map((keyword) => card(keyword, -1));
    expect((await readWith(...unknown)).segment?.star).toEqual({});
  });

  it('may continue strings, repeat keywords, leave values undefined and hold strange bytes', async () => {
    const { segment, issues } = await readWith(
      `OBJECT  = 'A very long name of a star that needs more than one card to be &'`,
      `CONTINUE  'written ''in full''&'`,
      `CONTINUE  '.' / end`,
      card('OBJECT', 'second'),
      'TEFF    =                     / undefined',
      'RADIUS  = not a value',
      'HIERARCH ESO DET = 5',
      'COMMENT \x00\x07\xff = 7',
      'CONTINUE  astray',
    );
    expect(issues).toEqual([]);
    expect(segment?.target).toBe(
      "A very long name of a star that needs more than one card to be written 'in full'.",
    );
    expect(segment?.star).toEqual({});
  });

  it.each([
    [[card('BJDREFI', 2_454_833), card('BJDREFF', 0)], 'BKJD', 2_454_833, 1400],
    [[card('BJDREFI', 2_457_000), card('BJDREFR', 0.5)], 'BTJD', 2_457_000, 1400],
    [[card('MJDREFI', 57_000), card('MJDREFF', 0.5)], 'BJD', 0, 2_458_401],
    [[card('MJDREF', 54_832.5)], 'BKJD', 2_454_833, 1400],
    [[card('JDREF', 2_450_000.25)], 'BJD', 0, 2_451_400.25],
  ])('give the zero point of the times: %j', async (cards, timeSystem, timeOffsetDays, first) => {
    const { segment } = await read(fitsFile([timeColumn, fluxColumn], 100, cards));
    expect(segment).toMatchObject({ timeSystem, timeOffsetDays });
    expect(segment?.timeDays[0]).toBe(first);
  });

  it.each([
    [[card('FRAMETIM', 2), card('INT_TIME', 1.98), card('NUM_FRM', 60)], 120],
    [[card('INT_TIME', 6), card('NUM_FRM', 9), card('EXPOSURE', 22.08)], 54],
    [[card('TIMEDEL', 1 / 144)], 600],
    [[card('EXPOSURE', 22.08)], 1800],
    [[card('TIMEDEL', 0.05)], 1800],
  ])('give the exposure time of a point: %j, else the cadence', async (cards, seconds) => {
    const zero = card('BJDREFI', 2_457_000);
    const { segment } = await read(fitsFile([timeColumn, fluxColumn], 100, [zero, ...cards]));
    expect((segment?.exposureDays ?? NaN) * 86_400).toBeCloseTo(seconds, 3);
  });
});

describe('FITS structure', () => {
  const image = Buffer.concat([
    headerUnit([
      card('XTENSION', 'IMAGE'),
      card('BITPIX', -32),
      card('NAXIS', 2),
      card('NAXIS1', 11),
      card('NAXIS2', 13),
      card('PCOUNT', 0),
      card('GCOUNT', 1),
    ]),
    Buffer.alloc(2880),
  ]);
  const other = binaryTable([{ name: 'WAVELENGTH', form: 'E', bytes: 4 }], 1000);
  const curve = binaryTable([timeColumn, fluxColumn]);

  it('may have images and other tables before and after the curve', async () => {
    const { issues, summary } = await read(Buffer.concat([primary(), image, other, curve, image]));
    expect(issues).toEqual([]);
    expect(summary).toMatchObject({ points: 100, fluxColumn: 'FLUX' });
  });

  it('may not lack even the padding after a table or image', async () => {
    const whole = Buffer.concat([primary(), curve, image]);
    for (const end of [whole.length - 1, whole.length - image.length - 1]) {
      expect(codesOf(await read(whole.subarray(0, end)))).toEqual(['truncated_file']);
    }
  });

  it('reads the first of several curves', async () => {
    const second = binaryTable([timeColumn, { ...fluxColumn, name: 'PDCSAP_FLUX' }], 200);
    const { summary } = await read(Buffer.concat([primary(), curve, second]));
    expect(summary).toMatchObject({ points: 100, fluxColumn: 'FLUX' });
  });

  it('passes over the heap of a table with variable-length arrays', async () => {
    const heap = Buffer.concat([curve, Buffer.alloc(2880)]);
    const announced = Buffer.from(
      heap.toString('latin1').replace(card('PCOUNT', 0), card('PCOUNT', 3000)),
      'latin1',
    );
    expect(codesOf(await read(Buffer.concat([primary(), announced, image])))).toEqual([]);
  });

  it.each([
    [card('NAXIS1', 12), card('NAXIS1', -12), 'absurd_size'],
    [card('NAXIS1', 12), card('NAXIS1', 1.5), 'bad_header'],
    [card('NAXIS2', 100), card('NAXIS2', 'x'), 'bad_header'],
    [card('GCOUNT', 1), card('GCOUNT', 0), 'bad_header'],
    [card('BITPIX', 8), card('BITPIX', 9), 'bad_header'],
    [card('TFIELDS', 2), card('TFIELDS', 3), 'bad_header'],
    [card('TFIELDS', 2), card('TFIELDS', 1), 'no_table'],
    [card('PCOUNT', 0), card('PCOUNT', -5000), 'absurd_size'],
  ])('refuses %s changed to %s', async (before, after, code) => {
    const changed = Buffer.from(curve.toString('latin1').replace(before, after), 'latin1');
    const result = await read(Buffer.concat([primary(), changed]));
    expect(codesOf(result)).toContain(code);
    expect(result.segment).toBeNull();
  });
});
