import { createHash } from 'node:crypto';
import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  aSegment,
  card,
  csvFile,
  csvRows,
  headerUnit,
  inChunks,
  read,
  seeded,
} from './curve.fixture.js';
import { gunzip } from './gunzip.js';
import { DEFAULT_READ_LIMITS } from './limits.js';
import { readLightCurve } from './read-light-curve.js';
import { writeFits } from './write-fits.js';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const isError = (issue: { severity: string }) => issue.severity === 'error';
const MiB = 1024 * 1024;

const fits = Buffer.from(writeFits(aSegment()));
const csv = csvFile('time_btjd,flux', csvRows());

describe('size and hash', () => {
  it.each([
    ['a good file', fits],
    ['a file refused at its first byte', Buffer.from(`%PDF${'x'.repeat(3 * MiB)}`)],
    ['a file refused at row 2', Buffer.from(csv.replace('\n', '\nbad,') + csv.repeat(400))],
    ['a gzipped file refused inside', gzipSync(Buffer.from(`%PDF${'x'.repeat(500_000)}`))],
    ['a cut gzip file', gzipSync(fits).subarray(0, 5000)],
    ['a gzip bomb', gzipSync(Buffer.alloc(200 * MiB))],
    ['a file of nothing', Buffer.alloc(0)],
  ])('C.12 are those of all bytes for %s', async (_, bytes) => {
    for (const chunkBytes of [1000, 65_536]) {
      const result = await read(bytes, 'curve', { chunkBytes });
      expect(result).toMatchObject({ sha256: sha256(bytes), sizeBytes: bytes.length });
    }
  });

  it('are not claimed where the limit was exceeded, and reading stops there', async () => {
    let sent = 0;
    let isClosed = false;
    async function* endless() {
      try {
        for (; ; sent += 1000) yield Buffer.alloc(1000, 'x');
      } finally {
        isClosed = true;
      }
    }
    const result = await readLightCurve(
      { filename: 'endless.csv', stream: endless() },
      { limits: { maxBytes: 100_000 } },
    );
    expect(result).toMatchObject({
      sha256: null,
      segment: null,
      issues: [{ code: 'file_too_large' }],
    });
    expect(sent).toBeLessThanOrEqual(100_000);
    expect(isClosed).toBe(true);
  });
});

describe('a stream that fails', () => {
  it.each([
    ['at once', Buffer.alloc(0)],
    ['in a text file', Buffer.from(csv)],
    ['in a FITS file', fits.subarray(0, 9000)],
    ['in a gzip file', gzipSync(fits).subarray(0, 3000)],
    ['after bad content', Buffer.from('%PDF')],
  ])('throws its own error: %s', async (_, bytes) => {
    // The code is one that bad content has as well: it must not be mistaken for it.
    const broken = Object.assign(new Error('connection reset'), { code: 'Z_DATA_ERROR' });
    async function* stream() {
      if (bytes.length > 0) yield bytes;
      throw broken;
    }
    const reading = readLightCurve({ filename: 'curve', stream: stream() });
    await expect(reading).rejects.toBe(broken);
  });
});

describe('damage', () => {
  it('C.12 never reads a FITS file that is cut anywhere as whole', async () => {
    const random = seeded(11);
    const blocks = Array.from({ length: fits.length / 2880 }, (_, i) => i * 2880);
    const anywhere = Array.from({ length: 150 }, () => Math.floor(random() * fits.length));
    for (const length of [...blocks, ...anywhere, 1, 5, 79, 80, fits.length - 1]) {
      const { segment, issues } = await read(fits.subarray(0, length), 'curve.fits');
      expect(segment, `cut at ${length}`).toBeNull();
      const codes = issues.filter(isError).map((each) => each.code);
      // A few bytes are no FITS file yet; after them the loss is always called by its name.
      const expected =
        length === 0 ? 'empty_file' : length < 9 ? 'format_mismatch' : 'truncated_file';
      expect(codes, `cut at ${length}`).toEqual([expected]);
    }
  });

  it('C.12 never reads a gzip file that is cut anywhere as whole', async () => {
    const whole = gzipSync(csv);
    for (let length = 2; length < whole.length; length += 7) {
      const { segment, issues } = await read(whole.subarray(0, length));
      expect(segment).toBeNull();
      expect(issues.map((each) => each.code)).toContain('truncated_file');
    }
  });

  it('reads a text file that is cut anywhere without failing, and as cut where its size is known', async () => {
    const random = seeded(12);
    for (let i = 0; i < 100; i++) {
      const part = csv.slice(0, Math.floor(random() * csv.length));
      const { issues } = await read(part, 'curve.csv', { sizeBytes: csv.length });
      expect(issues.map((each) => each.code)).toContain('truncated_file');
    }
  });

  it('neither throws nor hangs on flipped bytes in FITS headers', async () => {
    const random = seeded(13);
    let refused = 0;
    for (let i = 0; i < 600; i++) {
      const bytes = Buffer.from(fits);
      const flips = 1 + Math.floor(random() * 4);
      for (let flip = 0; flip < flips; flip++) {
        bytes[Math.floor(random() * 8640)] = Math.floor(random() * 256);
      }
      const result = await read(bytes, 'curve.fits');
      expect(result.segment === null).toBe(result.issues.some(isError));
      if (result.segment === null) refused++;
    }
    expect(refused).toBeGreaterThan(50); // the flips do hit what matters
  });

  it('neither throws nor hangs on digits and letters changed in FITS headers', async () => {
    const random = seeded(14);
    const digits = [...fits.subarray(0, 8640).keys()].filter((at) =>
      /[\dDEJ]/.test(String.fromCharCode(fits[at])),
    );
    for (let i = 0; i < 600; i++) {
      const bytes = Buffer.from(fits);
      bytes[digits[Math.floor(random() * digits.length)]] = 0x30 + Math.floor(random() * 43);
      const result = await read(bytes, 'curve.fits');
      expect(result.segment === null).toBe(result.issues.some(isError));
    }
  });

  it('neither throws nor hangs on flipped bytes in text and gzip', async () => {
    const random = seeded(15);
    for (const whole of [Buffer.from(csv), gzipSync(csv)]) {
      for (let i = 0; i < 300; i++) {
        const bytes = Buffer.from(whole);
        for (let flip = 0; flip < 3; flip++) {
          bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        }
        const result = await read(bytes);
        expect(result.segment === null).toBe(result.issues.some(isError));
      }
    }
  });

  it('C.12 is not slowed down by text that makes patterns search for long', async () => {
    const long = 60_000;
    const hostile = [
      `${'('.repeat(long)},flux\n1,2\n`,
      `time${' '.repeat(long)}x,flux\n1,2\n`,
      `# target:${' '.repeat(long)}x\n`.repeat(80),
      `# %ECSV 1.0\n# datatype:\n# - {name: ${'{,'.repeat(long)}\ntime flux\n`,
      `time,flux\n1,${"'".repeat(long)}\n`.repeat(20),
      headerUnit([
        card('SIMPLE', true),
        "OBJECT  = 'a&'",
        ...new Array<string>(19_000).fill(`CONTINUE  '${'b'.repeat(66)}&'`),
      ]),
    ];
    const start = performance.now();
    for (const content of hostile) expect((await read(content)).segment).toBeNull();
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it.each([
    [
      'noise',
      (random: () => number) => Buffer.from(Array.from({ length: 9000 }, () => random() * 256)),
    ],
    [
      'letters',
      (random: () => number) => Buffer.from(Array.from({ length: 9000 }, () => 32 + random() * 90)),
    ],
    [
      'delimiters',
      (random: () => number) =>
        Buffer.from(Array.from({ length: 9000 }, () => ',;\t"#\n\r 1.'.charCodeAt(random() * 10))),
    ],
  ])('neither throws nor hangs on %s', async (_, make) => {
    const random = seeded(16);
    for (let i = 0; i < 40; i++) {
      expect((await read(make(random))).segment).toBeNull();
    }
  });
});

describe('memory', () => {
  /** Rows of about 400 bytes: two columns that are needed and many that are not. */
  async function* longTable(bytes: number) {
    const rest = `,${'1234.5678,'.repeat(38)}0\n`;
    yield Buffer.from(
      `time_btjd,flux,${Array.from({ length: 39 }, (_, i) => `x${i}`).join(',')}\n`,
    );
    let sent = 0;
    for (let row = 0; sent < bytes;) {
      const block: string[] = [];
      for (let i = 0; i < 500; i++, row++) {
        block.push(`${1400 + row / 1024},${1 + (row % 7) / 1024}${rest}`);
      }
      const chunk = Buffer.from(block.join(''));
      sent += chunk.length;
      yield chunk;
    }
  }

  it('C.12 stays bounded while 200 MB of text pass through', { timeout: 120_000 }, async () => {
    let peakBytes = 0;
    let turns = 0;
    const startBytes = process.memoryUsage().rss;
    const watch = setInterval(() => {
      turns++;
      peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
    }, 20);
    const result = await readLightCurve({ filename: 'long.csv', stream: longTable(200e6) }).finally(
      () => clearInterval(watch),
    );
    expect(result.issues).toEqual([]);
    expect(result.sizeBytes).toBeGreaterThan(200e6);
    expect(result.summary?.points).toBeGreaterThan(490_000);
    // The watch could run: reading leaves the event loop its turns, about one per 64 KiB.
    expect(turns).toBeGreaterThan(100);
    expect(peakBytes - startBytes).toBeLessThan(100e6);
  });

  it('C.12 stops a gzip bomb after a fraction of it', async () => {
    const bomb = gzipSync(Buffer.alloc(500 * MiB)); // about 500 kB
    const counts = { bytesIn: 0, bytesOut: 0, consumed: 0 };
    const reading = async () => {
      const unpacked = gunzip(inChunks(bomb), DEFAULT_READ_LIMITS, counts);
      while (!(await unpacked.next()).done);
    };
    await expect(reading()).rejects.toThrow(/no light curve does that/);
    expect(counts.bytesIn).toBeLessThan(20_000);
    expect(counts.bytesOut).toBeLessThan(2 * MiB);
  });

  it('C.12 stops at the most that is unpacked, whatever the ratio', async () => {
    const gzip = createGzip({ level: 0 });
    const pump = (async () => {
      for await (const chunk of longTable(4e6)) gzip.write(chunk);
      gzip.end();
    })();
    const parts: Buffer[] = [];
    for await (const chunk of gzip as AsyncIterable<Buffer>) parts.push(chunk);
    await pump;
    const limits = { maxDecompressedBytes: 1_000_000 };
    const { issues, segment } = await read(Buffer.concat(parts), 'long.csv', { limits });
    expect(issues.map((each) => each.code)).toEqual(['decompression_bomb']);
    expect(segment).toBeNull();
  });

  it('leaves a gzip stream early without waiting for the rest of it', async () => {
    const unpacked = gunzip(
      inChunks(gzipSync(Buffer.from(csv.repeat(1000)))),
      DEFAULT_READ_LIMITS,
      { bytesIn: 0, bytesOut: 0, consumed: 0 },
    );
    expect((await unpacked.next()).done).toBe(false);
    await unpacked.return();
    expect((await unpacked.next()).done).toBe(true);
  });
});

describe('gzip', () => {
  it('may have several members', async () => {
    const half = csv.indexOf('\n', csv.length / 2) + 1;
    const members = [gzipSync(csv.slice(0, half)), gzipSync(csv.slice(half))];
    const result = await read(Buffer.concat(members), 'curve.csv.gz');
    expect(result.issues).toEqual([]);
    expect(result.summary).toMatchObject({ points: 100, gzip: true });
  });

  it.each([1, 13, 65_536])('does not depend on chunks of %i bytes', async (chunkBytes) => {
    const result = await read(gzipSync(fits), 'curve.fits', { chunkBytes });
    expect(result.issues).toEqual([]);
    expect(result.segment).toEqual(aSegment());
  });
});
