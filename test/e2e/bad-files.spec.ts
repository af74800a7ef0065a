import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../scripts/platform.mjs';
import { lightfold, startTestPlatform, temporaryFolder } from '../support/platform.js';
import { foundTeam, type Json, send, type Team, type UploadFile } from './client.js';

let platform: Platform;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let team: Team;
let good: UploadFile;
let table: string;

const text = (content: string) => new TextEncoder().encode(content);

beforeAll(async () => {
  folder = await temporaryFolder();
  platform = await startTestPlatform({ TEAM_QUOTA_BYTES: String(200 * 1024 ** 2) });
  team = await foundTeam(platform.url);
  const [fits] = await lightfold('simulate', join(folder.path, 'star.fits'));
  const [csv] = await lightfold('simulate', join(folder.path, 'star.csv'));
  good = { filename: 'star.fits', bytes: Uint8Array.from(await readFile(fits)) };
  table = await readFile(csv, 'utf8');
});

afterAll(async () => {
  await platform?.stop();
  await folder?.remove();
});

/** Uploads one file that nobody can use; answers what is said of it. */
async function reportOn(filename: string, bytes: Uint8Array<ArrayBuffer>, sha256?: string) {
  const { dataset_id: datasetId } = await team.upload(filename, [{ filename, bytes, sha256 }]);
  const report = await team.validated(datasetId);
  expect(report.status).toBe('invalid');
  const [file] = report.files;
  expect(file.status).toBe('invalid');
  const errors = file.issues.filter((issue: Json) => issue.severity === 'error');
  expect(errors.length).toBeGreaterThan(0);
  for (const { message } of errors) expect(message.length).toBeGreaterThan(20);
  return { datasetId, errors };
}

const codes = (errors: Json[]) => errors.map(({ code }) => code);

describe('a file that cannot be used', () => {
  it('C.12 a FITS file that was cut off', async () => {
    const half = good.bytes.slice(0, Math.floor(good.bytes.length / 2));
    const { errors } = await reportOn('half.fits', half);
    expect(codes(errors)).toContain('truncated_file');
  });

  it('C.12 an error page of an archive, saved as FITS', async () => {
    const page = '<!DOCTYPE html><html><body><h1>503 Service Unavailable</h1></body></html>';
    const { errors } = await reportOn('download.fits', text(page));
    expect(codes(errors)).toEqual(['format_mismatch']);
    expect(errors[0].message).toMatch(/html/i);
  });

  it('C.12 a table with words in it: which row, which column', async () => {
    const lines = table.split('\n');
    const header = lines.findIndex((line) => /time/.test(line));
    const cells = lines[header + 3].split(',');
    const flux = lines[header].split(',').findIndex((name) => name.trim() === 'flux');
    expect(flux).toBeGreaterThan(0);
    cells[flux] = 'cloudy';
    lines[header + 3] = cells.join(',');
    const { errors } = await reportOn('words.csv', text(lines.join('\n')));
    expect(errors[0]).toMatchObject({
      code: 'non_numeric_cell',
      row: header + 4,
      column: 'flux',
      message: expect.stringContaining('cloudy'),
    });
  });

  it('C.12 a few kilobytes that unpack to a hundred megabytes', async () => {
    const rows = Buffer.alloc(100 * 1024 ** 2, '1400.0,1.0\n');
    const bomb = Uint8Array.from(gzipSync(Buffer.concat([text('time,flux\n'), rows])));
    expect(bomb.length).toBeLessThan(500_000);
    const { errors } = await reportOn('star.csv.gz', bomb);
    expect(codes(errors)).toContain('decompression_bomb');
  });

  it('C.11 bytes that are not those that were announced', async () => {
    const { errors } = await reportOn('other.fits', good.bytes, '0'.repeat(64));
    expect(codes(errors)).toContain('checksum_mismatch');
    expect(errors[0].message).toContain('0'.repeat(64));
  });

  it('B.4 is searched by nobody', async () => {
    const { datasetId } = await reportOn('empty.csv', text('time,flux\n'));
    const refused = await team.ask('POST', '/api/v1/run', { body: { dataset_id: datasetId } });
    expect(refused.status).toBe(409);
    expect(refused.body.type).toBe('/problems/dataset-not-valid');
  });

  it('C.12 is named among good ones, which are not blamed', async () => {
    const { dataset_id: datasetId } = await team.upload('Mixed', [
      good,
      { filename: 'bad.csv', bytes: text('no light curve at all') },
    ]);
    const report = await team.validated(datasetId);
    expect(report.status).toBe('invalid');
    const states = report.files.map((file: Json) => [file.filename, file.status]);
    expect(Object.fromEntries(states)).toEqual({ 'star.fits': 'valid', 'bad.csv': 'invalid' });
  });
});

describe('an upload that is not finished', () => {
  it('C.11 is not completed while a file is missing or has another size', async () => {
    const names = ['a.fits', 'b.fits', 'c.fits'];
    const files = names.map((filename) => ({ ...good, filename }));
    const { dataset_id: datasetId, uploads } = await team.startUpload('Three', files);
    await send(uploads[0], good.bytes);
    // A strict store refuses these at once; a lax one takes them, and completing finds out.
    await send(uploads[1], good.bytes.slice(0, 5760)).catch(() => null);
    const complete = () =>
      team.ask('POST', '/api/v1/upload/complete', { body: { dataset_id: datasetId } });
    const refused = await complete();
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      type: '/problems/upload-incomplete',
      missing_keys: ['b.fits', 'c.fits'],
    });
    const session = await team.get(`/api/v1/upload/${datasetId}`);
    expect(session.arrived.map((file: Json) => file.filename)).toEqual(['a.fits']);
    for (const target of session.uploads) await send(target, good.bytes);
    expect((await complete()).status).toBe(202);
    expect((await team.validated(datasetId)).status).toBe('valid');
  });

  it('B.38 is not even begun where the request makes no sense', async () => {
    const refused = await team.ask('POST', '/api/v1/upload/start', {
      body: {
        name: 'Wrong',
        kind: 'light_curve',
        files: [{ filename: '../../etc/passwd', size_bytes: -1, flavour: 'sour' }],
      },
    });
    expect(refused.status).toBe(422);
    const pointers = refused.body.errors.map((error: Json) => error.pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['#/files/0/filename', '#/files/0/size_bytes']),
    );
  });

  it('B.38 does not take more than the team may store', async () => {
    const refused = await team.ask('POST', '/api/v1/upload/start', {
      body: {
        name: 'Too much',
        kind: 'light_curve',
        files: [{ filename: 'big.fits', size_bytes: 300 * 1024 ** 2 }],
      },
    });
    expect(refused.status).toBe(409);
    expect(refused.body.type).toBe('/problems/quota-exceeded');
    expect(refused.body.detail).toMatch(/\d+ of \d+ are free/);
  });
});
