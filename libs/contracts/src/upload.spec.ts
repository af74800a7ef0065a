import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startUpload } from './upload.js';

const faultsOf = (filename: string) =>
  startUpload
    .safeParse({ name: 'star', kind: 'light_curve', files: [{ filename, size_bytes: 1 }] })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('the start of an upload', () => {
  it.each(['star.fits', 'звезда ☃.csv', '..star', 'a b&c=d?.tsv.gz'])('takes %j', (name) => {
    expect(faultsOf(name)).toBeUndefined();
  });

  it.each([
    ['../etc/passwd', 'A file name has no slash or backslash'],
    ['c:\\star.csv', 'A file name has no slash or backslash'],
    ['star\n.csv', 'A file name has no control character'],
    ['star\u0085.csv', 'A file name has no control character'],
    ['star\u007f.csv', 'A file name has no control character'],
    ['..', 'Not a file name'],
  ])('refuses %j', (name, message) => {
    expect(faultsOf(name)).toEqual([`files.0.filename: ${message}`]);
  });

  it('documents only patterns that other languages can read', () => {
    const document = JSON.stringify(
      z.toJSONSchema(startUpload, { io: 'input', unrepresentable: 'any' }),
    );
    expect(document).toContain('"pattern"');
    expect(document).not.toMatch(/\\\\p\{/);
  });
});
