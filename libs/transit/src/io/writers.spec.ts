import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Segment } from '../types.js';
import { aSegment, read } from './curve.fixture.js';
import { writeCsv } from './write-csv.js';
import { writeFits } from './write-fits.js';

const star = {
  radiusSun: 1.2,
  radiusErrorSun: 0.07,
  effectiveTemperatureK: 5970,
  effectiveTemperatureErrorK: 110,
  logg: 4.317,
  metallicity: -0.1,
  rightAscensionDeg: 284.433491,
  declinationDeg: -9.30516,
  magnitude: 13.804,
};

/** As the missions have them: missing times, missing fluxes, flags. */
function withHoles(segment: Segment): Segment {
  segment.timeDays[3] = NaN;
  segment.flux[3] = segment.flux[7] = NaN;
  segment.fluxError?.fill(NaN, 7, 8);
  segment.flagged?.fill(1, 20, 25);
  return segment;
}

const SEGMENTS: readonly (readonly [string, Segment])[] = [
  ['Kepler', withHoles(aSegment({ star }))],
  ['K2', withHoles(aSegment({ mission: 'K2', target: 'EPIC 206103150', label: 'C3' }))],
  [
    'TESS',
    withHoles(
      aSegment({
        mission: 'TESS',
        target: 'TIC 307210830',
        label: 'S27',
        timeSystem: 'BTJD',
        timeOffsetDays: 2_457_000,
        star,
      }),
    ),
  ],
];

describe('writers', () => {
  for (const [mission, segment] of SEGMENTS) {
    it(`give a ${mission} curve back from FITS, bit by bit, gzipped or not`, async () => {
      const bytes = writeFits(segment);
      for (const file of [bytes, gzipSync(bytes)]) {
        const result = await read(file, 'curve.fits');
        expect(result.issues).toEqual([]);
        expect(result.segment).toEqual(segment);
      }
    });

    it(`give a ${mission} curve back from CSV, bit by bit, gzipped or not`, async () => {
      const text = writeCsv(segment);
      for (const file of [text, gzipSync(text)]) {
        const result = await read(file, 'curve.csv');
        expect(result.issues).toEqual([]);
        expect(result.segment).toEqual({ ...segment, fluxColumn: 'flux' });
      }
    });
  }

  it('write a curve without uncertainty, flags or zero point as CSV', async () => {
    const bare = aSegment({
      target: null,
      mission: 'unknown',
      label: 'curve.csv',
      timeSystem: 'relative',
      timeOffsetDays: NaN,
      timeDays: Float64Array.from({ length: 100 }, (_, i) => i / 48),
      fluxError: null,
      flagged: null,
      fluxColumn: 'flux',
    });
    const { segment, issues } = await read(writeCsv(bare), 'curve.csv');
    expect(segment).toEqual(bare);
    expect(issues.map((each) => each.code)).toEqual(['time_system_unclear']);
    expect(() => writeFits(bare)).toThrow(RangeError);
  });

  it('keep raw flux, corrections, cadence numbers and quality bits apart', async () => {
    const segment = aSegment();
    const sapFlux = segment.flux.map((flux) => flux * 2);
    const quality = new Int32Array(400).fill(128).fill(4, 0, 9);
    const bytes = writeFits(segment, { sapFlux, quality, cadenceNumber: new Int32Array(400) });
    const raw = await read(bytes, 'curve.fits', { fluxColumn: 'SAP_FLUX' });
    expect(raw.segment?.flux).toEqual(sapFlux);
    expect(raw.segment?.flagged).toEqual(new Uint8Array(400).fill(1, 0, 9)); // 128: cosmic ray
  });

  it('refuse arrays of another length', () => {
    expect(() => writeFits(aSegment(), { sapFlux: new Float64Array(3) })).toThrow(
      'sapFlux has 3 elements, timeDays 400',
    );
  });

  it('give the same bytes for the same segment', () => {
    const hash = () =>
      createHash('sha256')
        .update(writeFits(aSegment({ star })))
        .digest('hex');
    expect(hash()).toBe(hash());
  });

  it('keep strange names within the rules of a card', async () => {
    const target = `O'Brien's "näme" ${'x'.repeat(80)}`;
    const { segment, issues } = await read(writeFits(aSegment({ target })));
    expect(issues).toEqual([]);
    expect(segment?.target).toMatch(/^O'Brien's "n\?me" x+$/);
  });
});

const python = '/usr/bin/python3';
const hasAstropy = spawnSync(python, ['-c', 'import astropy']).status === 0;
if (!hasAstropy) {
  process.stderr.write(`${python} cannot import astropy: agreement with astropy is not tested.\n`);
}

const SCRIPT = `
import sys, json, warnings
import numpy as np
warnings.simplefilter('error')
from astropy.io import fits
plain = lambda values: [None if np.isnan(v) else float(v) for v in values[:30]]
with fits.open(sys.argv[1], memmap=False) as hdus:
    hdus.verify('exception')
    data, head = hdus[1].data, hdus[1].header
    print(json.dumps({
        'columns': data.columns.names,
        'formats': data.columns.formats,
        'rows': len(data),
        'object': hdus[0].header['OBJECT'],
        'teff': hdus[0].header['TEFF'],
        'quarter': hdus[0].header['QUARTER'],
        'offset': head['BJDREFI'] + head['BJDREFF'],
        'time': plain(data['TIME']),
        'flux': plain(data['PDCSAP_FLUX']),
        'flux_sum': float(np.nansum(data['PDCSAP_FLUX'].astype(float))),
        'quality': [int(v) for v in data['SAP_QUALITY'][:30]],
    }))
`;

describe.skipIf(!hasAstropy)('agreement with astropy', () => {
  it('reads what we write without a complaint, and the same numbers', () => {
    const [, segment] = SEGMENTS[0];
    const folder = mkdtempSync(join(tmpdir(), 'lightfold-fits-'));
    try {
      const path = join(folder, 'curve.fits');
      writeFileSync(path, writeFits(segment));
      const found: unknown = JSON.parse(
        execFileSync(python, ['-c', SCRIPT, path], { encoding: 'utf8' }),
      );
      const listed = (values: Float64Array) =>
        Array.from(values.slice(0, 30), (value) => (Number.isNaN(value) ? null : value));
      expect(found).toEqual({
        columns: [
          'TIME',
          'TIMECORR',
          'CADENCENO',
          'SAP_FLUX',
          'SAP_FLUX_ERR',
          'PDCSAP_FLUX',
          'PDCSAP_FLUX_ERR',
          'SAP_QUALITY',
        ],
        formats: ['D', 'E', 'J', 'E', 'E', 'E', 'E', 'J'],
        rows: 400,
        object: 'KIC 11442793',
        teff: 5970,
        quarter: 3,
        offset: 2_454_833,
        time: listed(segment.timeDays),
        flux: listed(segment.flux),
        flux_sum: expect.closeTo(
          segment.flux.reduce((sum, each) => sum + (each || 0), 0),
          3,
        ),
        quality: Array.from(segment.flagged?.slice(0, 30) ?? [], (flag) => flag * 256),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
