import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTable, type TableLimits } from './read-table.js';

const LIMITS: TableLimits = { maxBytes: 1e6, maxDecompressedBytes: 1e6, maxRows: 1000 };

async function* inChunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

const read = (
  content: string | Uint8Array,
  options: { filename?: string; sizeBytes?: number; limits?: Partial<TableLimits> } = {},
) => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const { filename = 'table.csv', sizeBytes = bytes.length, limits } = options;
  return readTable(
    { filename, sizeBytes, stream: inChunks(bytes) },
    { limits: { ...LIMITS, ...limits } },
  );
};
const codesOf = async (reading: ReturnType<typeof read>) =>
  (await reading).issues.map((issue) => issue.code);

describe('readTable', () => {
  it('counts rows and names columns, however the bytes are cut', async () => {
    const text = '\ufeffperiod, größe ,label\n1.5,2,"a, b"\n3,,c\n\n';
    const { sha256, summary, issues } = await read(text);
    expect(issues).toEqual([]);
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
    expect(summary).toMatchObject({
      format: 'csv',
      points: 2,
      usablePoints: 1,
      columns: ['period', 'größe', 'label'],
      nonFiniteShare: 1 / 6,
    });
  });

  it('leaves out lines that begin with #, as archives write them above the header', async () => {
    const text = '# depth: Transit depth [ppm]\n#\nname,depth\nK1 #2,100\n# the end\nK2,200\n';
    const { summary, issues } = await read(text);
    expect(issues).toEqual([]);
    expect(summary).toMatchObject({ points: 2, columns: ['name', 'depth'] });
    const broken = await read('# a\n# b\na,b\n1\n');
    expect(broken.issues).toEqual([
      expect.objectContaining({ code: 'wrong_column_count', row: 4 }),
    ]);
  });

  it('reads through gzip, and hashes the bytes as they are stored', async () => {
    const packed = gzipSync('a,b\n1,2\n');
    const { sha256, summary, issues } = await read(packed, { filename: 'table.csv.gz' });
    expect(issues).toEqual([]);
    expect(summary).toMatchObject({ gzip: true, points: 1 });
    expect(sha256).toBe(createHash('sha256').update(packed).digest('hex'));
  });

  it('names the lines that have another number of cells, five of them', async () => {
    const rows = Array.from({ length: 7 }, () => '1,2,3').join('\n');
    const { issues } = await read(`a,b\n1,2\n${rows}\n`);
    expect(issues.map((issue) => issue.row)).toEqual([3, 4, 5, 6, 7, undefined]);
    expect(issues[0]).toMatchObject({
      severity: 'error',
      code: 'wrong_column_count',
      message: '3 cells where the header names 2 columns.',
    });
    expect(issues[5].message).toBe('7 in all; the first 5 are listed.');
  });

  it('refuses a header that names a column twice or not at all', async () => {
    expect(await codesOf(read('a,,a\n1,2,3\n'))).toEqual(['unnamed_column', 'duplicate_column']);
  });

  it.each([
    ['no rows', 'a,b\n', 'no_rows'],
    ['nothing at all', '', 'no_rows'],
    ['a quote that never ends', 'a,b\n"1,2\n', 'malformed_csv'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xff, 0xfe]), 'not_utf8'],
  ])('says so of %s', async (_, content, code) => {
    expect(await codesOf(read(content))).toContain(code);
  });

  it('stops at its limits', async () => {
    expect(await codesOf(read('a\n1\n2\n3\n', { limits: { maxRows: 2 } }))).toEqual([
      'too_many_rows',
    ]);
    const large = await read('a\n1\n2\n3\n', { limits: { maxBytes: 5 } });
    expect(large.issues.map((issue) => issue.code)).toEqual(['file_too_large']);
    expect(large.sha256).toBeNull();
    const bomb = gzipSync(`a\n${'1\n'.repeat(100_000)}`);
    const options = { filename: 'bomb.csv.gz', limits: { maxDecompressedBytes: 1000 } };
    expect(await codesOf(read(bomb, options))).toEqual(['decompressed_too_large']);
  });

  it('notices a gzip stream that is cut off, and a size that is not the announced one', async () => {
    const packed = gzipSync('a,b\n1,2\n'.repeat(100));
    const cut = packed.subarray(0, packed.length - 12);
    expect(await codesOf(read(cut, { filename: 'cut.csv.gz' }))).toEqual(['corrupt_gzip']);
    expect(await codesOf(read('a\n1\n', { sizeBytes: 5 }))).toEqual(['truncated_file']);
    expect(await codesOf(read('a\n1\n', { sizeBytes: 3 }))).toEqual(['size_mismatch']);
  });

  it('lets the failure of the store pass: it says nothing about the file', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,b\n');
      throw new Error('connection reset');
    }
    const source = { filename: 'table.csv', sizeBytes: 9, stream: broken() };
    await expect(readTable(source, { limits: LIMITS })).rejects.toThrow('connection reset');
  });
});
