import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { codesOf, csvFile, csvRows, read } from './curve.fixture.js';

const rows = csvRows();
const plain = await read(csvFile('time_btjd,flux', rows), 'plain.csv');

/** The same curve in other clothes. */
const CLOTHES: readonly (readonly [what: string, content: string, format: string])[] = [
  ['commas', csvFile('time_btjd,flux', rows), 'csv'],
  ['tabs', csvFile('time_btjd\tflux', csvRows(100, 1400, 1, '\t')), 'tsv'],
  ['semicolons', csvFile('time_btjd;flux', csvRows(100, 1400, 1, ';')), 'csv'],
  ['bars', csvFile('time_btjd|flux', csvRows(100, 1400, 1, '|')), 'csv'],
  ['blanks of any width', csvFile('  time_btjd   flux', csvRows(100, 1400, 1, ' \t  ')), 'csv'],
  ['CRLF', csvFile('time_btjd,flux', rows).replaceAll('\n', '\r\n'), 'csv'],
  ['CR', csvFile('time_btjd,flux', rows).replaceAll('\n', '\r'), 'csv'],
  ['mixed line ends', csvFile('time_btjd,flux', rows).replaceAll('1\n', '1\r\n'), 'csv'],
  ['a byte order mark', `\ufeff${csvFile('time_btjd,flux', rows)}`, 'csv'],
  ['no line end at the end', csvFile('time_btjd,flux', rows).trimEnd(), 'csv'],
  ['a header in a comment', csvFile('#time_btjd,flux', rows), 'csv'],
  [
    'a header in a comment with blanks',
    csvFile('# time_btjd flux', csvRows(100, 1400, 1, ' ')),
    'csv',
  ],
  [
    'comments and blank lines',
    `# a\n\n#b, c\n${csvFile('time_btjd,flux', rows)}\n# end\n\n`,
    'csv',
  ],
  ['comments between rows', csvFile('time_btjd,flux', rows).replaceAll('\n14', '\n#x\n14'), 'csv'],
  [
    'quotes',
    csvFile(
      '"time_btjd","flux"',
      rows.map((r) => `"${r.replace(',', '","')}"`),
    ),
    'csv',
  ],
  [
    'blanks after commas',
    csvFile(
      'time_btjd, flux',
      rows.map((r) => r.replace(',', ',  ')),
    ),
    'csv',
  ],
  [
    'an unnamed index',
    csvFile(
      ',time_btjd,flux',
      rows.map((r, i) => `${i},${r}`),
    ),
    'csv',
  ],
  [
    'other columns with words',
    csvFile(
      'time_btjd,note,flux',
      rows.map((r) => r.replace(',', ',ok,')),
    ),
    'csv',
  ],
  [
    'other order',
    csvFile(
      'flux,time_btjd',
      rows.map((r) => r.split(',').reverse().join()),
    ),
    'csv',
  ],
  ['upper case and units', csvFile('Time (BTJD),Flux [e-/s]', rows), 'csv'],
  [
    'Fortran exponents',
    csvFile(
      'time_btjd,flux',
      rows.map((r) => `${r}D+00`),
    ),
    'csv',
  ],
];

describe('text formats', () => {
  it.each(CLOTHES)('B.28 reads the same curve from %s', async (_, content, format) => {
    for (const bytes of [content, gzipSync(content)]) {
      const result = await read(bytes, 'curve.txt');
      expect(result.issues).toEqual([]);
      expect(result.segment?.timeDays).toEqual(plain.segment?.timeDays);
      expect(result.segment?.flux).toEqual(plain.segment?.flux);
      expect(result.summary).toMatchObject({ format, gzip: bytes !== content, points: 100 });
    }
  });

  it('B.28 reads time, flux, flux_err without any header', async () => {
    const two = await read(rows.join('\n'), 'tic123_a.csv');
    const three = await read(rows.map((row) => `${row},0.25`).join('\n'), 'tic123_a.csv');
    expect(two.segment).toMatchObject({ fluxError: null, timeSystem: 'BTJD', fluxColumn: 'flux' });
    expect(three.segment?.fluxError).toEqual(new Float64Array(100).fill(0.25));
    expect(codesOf(two)).toEqual(['time_system_guessed']);
  });

  it('keeps missing values as NaN, in place', async () => {
    const gaps = ['', 'nan', 'NaN', 'null', 'N/A', '--', 'inf', '-Infinity'];
    const some = rows.map((row, i) => (i < gaps.length ? row.replace(/,.*/, `,${gaps[i]}`) : row));
    const { segment, summary } = await read(csvFile('time_btjd,flux', some));
    expect(Array.from(segment?.flux.slice(0, 9) ?? [])).toEqual([
      ...new Array<number>(8).fill(NaN),
      plain.segment?.flux[8],
    ]);
    expect(summary).toMatchObject({ points: 100, usablePoints: 92, nonFiniteShare: 0.08 });
  });

  it('flags any bit of a quality column, the advised ones of SAP_QUALITY', async () => {
    const cosmicRay = 128;
    const safeMode = 2;
    const quality = (row: string, i: number) => `${row},${[0, cosmicRay, safeMode][i] ?? ''}`;
    const any = await read(csvFile('time_btjd,flux,quality', rows.map(quality)));
    const kepler = await read(csvFile('time_btjd,flux,SAP_QUALITY', rows.map(quality)));
    expect(Array.from(any.segment?.flagged?.slice(0, 4) ?? [])).toEqual([0, 1, 1, 0]);
    expect(Array.from(kepler.segment?.flagged?.slice(0, 4) ?? [])).toEqual([0, 0, 1, 0]);
  });

  it('knows target, mission, sector and star from comments', async () => {
    const comments = '# Target = TIC 307210830\n# sector: 27\n# Teff: 3415\n# radius = 0.303\n';
    const { segment } = await read(comments + csvFile('time_btjd,flux', rows), 'lc.csv');
    expect(segment).toMatchObject({
      target: 'TIC 307210830',
      mission: 'TESS',
      label: 'S27',
      star: { effectiveTemperatureK: 3415, radiusSun: 0.303 },
    });
  });

  it.each([
    ['tic307210830_all_10min.csv', 'TIC 307210830', 'TESS'],
    ['EPIC 206154641 c03.txt', 'EPIC 206154641', 'K2'],
    ['kplr011442793-2009350155506_llc.csv', 'KIC 11442793', 'Kepler'],
    ['hlsp_qlp_tess_ffi_s0002-0000000038846515_tess_v01_llc.txt', 'TIC 38846515', 'TESS'],
    ['optic12345.csv', null, 'unknown'],
  ])('knows the target of %s where the content names none', async (filename, target, mission) => {
    const { segment } = await read(csvFile('time_btjd,flux', rows), filename);
    expect(segment).toMatchObject({ target, mission });
  });

  it('gives rows as lines of the file, comments and blank lines counted', async () => {
    const content = `# one\n\ntime_btjd,flux\n# four\n${rows.with(1, '1400.02,oops').join('\n')}`;
    const { issues } = await read(content);
    expect(issues[0]).toMatchObject({ code: 'non_numeric_cell', row: 6, column: 'flux' });
  });
});

describe('ECSV', () => {
  const header = (delimiter: string, columns: string, meta = '') =>
    `# %ECSV 1.0\n# ---\n${delimiter}# datatype:\n${columns}${meta}# schema: astropy-2.0\n`;
  const flow =
    '# - {name: time, unit: d, datatype: float64}\n# - {name: flux, unit: electron / s, datatype: float64}\n';
  const blanks = csvFile('time flux', csvRows(100, 1400, 1, ' '));

  it('reads names and units from the YAML header', async () => {
    const units = flow.replace('unit: d', "unit: 'BJD - 2457000'");
    const { issues, segment, summary } = await read(header('', units) + blanks, 'a.ecsv');
    expect(issues).toEqual([]);
    expect(summary).toMatchObject({ format: 'ecsv', timeSystem: 'BTJD', points: 100 });
    expect(segment?.flux).toEqual(plain.segment?.flux);
  });

  it('reads the comma delimiter, one entry per line, and meta', async () => {
    const block =
      '# -\n#   name: time\n#   datatype: float64\n# -\n#   name: flux\n#   datatype: float64\n';
    const meta = '# meta: !!omap\n# - {OBJECT: TIC 25155310}\n# - {SECTOR: 1}\n';
    const content = header("# delimiter: ','\n", block, meta) + csvFile('time,flux', rows);
    const { segment, issues } = await read(content);
    expect(segment).toMatchObject({ target: 'TIC 25155310', label: 'S1', timeSystem: 'BTJD' });
    expect(issues.map((each) => each.code)).toEqual(['time_system_guessed']);
  });

  it("reads the format of astropy's Time column as the zero point", async () => {
    const meta =
      '# meta: !!omap\n# - __serialized_columns__:\n#     time:\n#       format: btjd\n#       scale: tdb\n';
    const { summary, issues } = await read(header('', flow, meta) + blanks);
    expect(summary?.timeSystem).toBe('BTJD');
    expect(issues).toEqual([]);
  });

  it('keeps a quoted empty cell as missing', async () => {
    const some = blanks.replace(/1400\.020833 \S+/, '1400.020833 ""');
    const { segment } = await read(header('', flow) + some, 'tic5000.ecsv');
    expect(segment?.flux[1]).toBeNaN();
    expect(segment?.flux).toHaveLength(100);
  });

  it('refuses a header that does not fit the table', async () => {
    const { issues } = await read(header('', flow) + blanks.replace('time flux', 'flux time'));
    expect(issues).toMatchObject([{ code: 'bad_header', row: 7 }]);
  });
});
