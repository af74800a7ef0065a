import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore, type ObjectStoreOptions } from './object-store.js';
import {
  MultipartRefusedError,
  ObjectNotFoundError,
  StorageUnavailableError,
} from './storage.errors.js';

export interface StoreUnderTest {
  readonly options: ObjectStoreOptions;
  /** Checks signatures and lists parts, as S3 does; the store for laptops does neither. */
  readonly isStrict: boolean;
}

const MINUTE = 60;
/** S3 asks for 5 MiB of every part but the last. */
const PART = 5 * 1024 ** 2;

/** What Lightfold asks of an object store; the same for each one that it is run with. */
export function describeObjectStore(name: string, { options, isStrict }: StoreUnderTest): void {
  describe(name, () => {
    const store = new ObjectStore(options);
    const prefix = `contract/${randomUUID()}`;
    const written = new Set<string>();
    const key = (file: string) => {
      const full = `${prefix}/${file}`;
      written.add(full);
      return full;
    };

    beforeAll(() => store.ensureBucket());
    afterAll(async () => {
      await store.delete([...written]);
      store.close();
    });

    it('makes its bucket once', async () => {
      const own = { ...options, S3_BUCKET: `contract-${randomUUID()}` };
      const other = new ObjectStore(own);
      await expect(other.ping()).rejects.toThrow(StorageUnavailableError);
      expect(await other.ensureBucket()).toMatchObject({ created: true });
      expect(await other.ensureBucket()).toMatchObject({ created: false });
      await other.ping();
      other.close();
    });

    it('stores, finds, reads, replaces and deletes an object', async () => {
      const target = key('a b/ü+~.txt');
      expect(await store.head(target)).toBeNull();
      const stored = await store.put(target, bytesOf('one'), 'text/plain');
      expect(await store.head(target)).toEqual(stored);
      await store.put(target, bytesOf('three'), 'text/plain');
      const content = await store.get(target);
      expect(content.sizeBytes).toBe(5);
      expect(await textOf(content.stream)).toBe('three');
      await store.delete([target, `${target}-never-was`]);
      expect(await store.head(target)).toBeNull();
      await expect(store.get(target)).rejects.toThrow(ObjectNotFoundError);
    });

    it('deletes more keys than one request takes', async () => {
      const keys = Array.from({ length: 1001 }, (_, n) => `${prefix}/many/${n}`);
      await store.put(keys[0], bytesOf('first'), 'text/plain');
      await store.put(keys[1000], bytesOf('last'), 'text/plain');
      await store.delete(keys);
      expect(await store.head(keys[0])).toBeNull();
      expect(await store.head(keys[1000])).toBeNull();
    });

    it('lets a reader stop early and go on with the store', async () => {
      const target = key('large.bin');
      await store.put(target, new Uint8Array(2_000_000), 'application/octet-stream');
      for (let round = 0; round < 3; round++) {
        const { stream } = await store.get(target);
        for await (const chunk of stream) {
          expect(chunk.byteLength).toBeGreaterThan(0);
          break;
        }
      }
      expect(await store.head(target)).toMatchObject({ sizeBytes: 2_000_000 });
    });

    it('ends a stream when told, whether it is being read or not', async () => {
      const target = key('abort.bin');
      await store.put(target, new Uint8Array(4 * 2 ** 20), 'application/octet-stream');
      for (const isRead of [true, false]) {
        const abort = new AbortController();
        const { stream } = await store.get(target, abort.signal);
        const bytes = stream[Symbol.asyncIterator]();
        if (isRead) await bytes.next();
        abort.abort();
        const rest = (async () => {
          while (!(await bytes.next()).done);
        })();
        await expect(rest).rejects.toMatchObject({ name: 'AbortError' });
      }
      expect(await store.head(target)).toMatchObject({ sizeBytes: 4 * 2 ** 20 });
    });

    it('takes a file by presigned PUT, with exactly the headers named', async () => {
      const target = key('put.fits');
      const { url, headers } = await store.presignPut(target, {
        sizeBytes: 9,
        contentType: 'application/fits',
        expiresSeconds: MINUTE,
      });
      expect(headers).toEqual({ 'Content-Type': 'application/fits', 'Content-Length': '9' });
      const answer = await fetch(url, { method: 'PUT', headers, body: 'SIMPLE  =' });
      expect(answer.status).toBe(200);
      const etag = answer.headers.get('etag')?.replaceAll('"', '');
      expect(await store.head(target)).toEqual({ sizeBytes: 9, etag });
    });

    it('signs for the public endpoint and talks to the internal one', async () => {
      const own = new ObjectStore({ ...options, S3_PUBLIC_ENDPOINT: 'https://files.example.org' });
      const { url } = await own.presignPut('a', {
        sizeBytes: 1,
        contentType: 'text/plain',
        expiresSeconds: MINUTE,
      });
      expect(new URL(url).origin).toBe('https://files.example.org');
      expect(new URL(await own.presignGet('a', { expiresSeconds: MINUTE })).origin).toBe(
        'https://files.example.org',
      );
      await own.ping();
      own.close();
    });

    it('names the length and the type in what it signs', async () => {
      const { url } = await store.presignPut('a', {
        sizeBytes: 1,
        contentType: 'text/plain',
        expiresSeconds: MINUTE,
      });
      expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe(
        'content-length;content-type;host',
      );
      const part = await store.presignPart('a', 'upload', {
        partNumber: 1,
        sizeBytes: 1,
        expiresSeconds: MINUTE,
      });
      expect(new URL(part).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host');
      expect(new URL(url).search).not.toMatch(/checksum/i);
    });

    it('gives out a download under a file name that no header can be broken with', async () => {
      const target = key('report.pdf');
      await store.put(target, bytesOf('%PDF'), 'application/octet-stream');
      const url = await store.presignGet(target, {
        filename: 'Kepler "90"; ü.pdf',
        contentType: 'application/pdf',
        expiresSeconds: MINUTE,
      });
      const answer = await fetch(url);
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      expect(answer.headers.get('content-disposition')).toBe(
        `attachment; filename="Kepler _90_; _.pdf"; filename*=UTF-8''Kepler%20%2290%22%3B%20%C3%BC.pdf`,
      );
      expect(await answer.text()).toBe('%PDF');
    });

    it('puts an object together of its parts, given in any order', async () => {
      const target = key('parts.bin');
      const upload = await store.createMultipart(target, 'application/octet-stream');
      const parts = [];
      for (const [partNumber, sizeBytes] of [
        [2, 1000],
        [1, PART],
      ]) {
        const url = await store.presignPart(target, upload, {
          partNumber,
          sizeBytes,
          expiresSeconds: MINUTE,
        });
        const body = new Uint8Array(sizeBytes).fill(partNumber);
        const answer = await fetch(url, { method: 'PUT', body });
        expect(answer.status).toBe(200);
        parts.push({ partNumber, etag: answer.headers.get('etag')! });
      }
      expect(await store.head(target)).toBeNull();
      await store.completeMultipart(target, upload, parts);
      expect(await store.head(target)).toMatchObject({ sizeBytes: PART + 1000 });
      const { stream } = await store.get(target);
      const bytes = await bytesIn(stream);
      expect([bytes[0], bytes[PART - 1], bytes[PART], bytes[PART + 999]]).toEqual([1, 1, 2, 2]);
    });

    it('says so when the parts cannot be put together', async () => {
      const target = key('never.bin');
      const upload = randomUUID();
      await expect(
        store.completeMultipart(target, upload, [{ partNumber: 1, etag: 'a'.repeat(32) }]),
      ).rejects.toThrow(isStrict ? MultipartRefusedError : Error);
      expect(await store.head(target)).toBeNull();
      await store.abortMultipart(target, upload);
    });

    it('knows no parts of an upload that has just begun', async () => {
      const target = key('begun.bin');
      const upload = await store.createMultipart(target, 'application/octet-stream');
      expect(await store.listParts(target, upload)).toEqual([]);
      await store.abortMultipart(target, upload);
    });

    it('says that a store which does not answer is unavailable', async () => {
      const nobody = new ObjectStore({ ...options, S3_ENDPOINT: 'http://127.0.0.1:1' });
      await expect(nobody.head('a')).rejects.toThrow(StorageUnavailableError);
      await expect(nobody.ping()).rejects.toThrow('The object store could not be reached');
      nobody.close();
    });

    if (!isStrict) return;
    describe('that checks signatures', () => {
      it('C.9 refuses a file of another size than was signed', async () => {
        const target = key('longer.fits');
        const { url, headers } = await store.presignPut(target, {
          sizeBytes: 9,
          contentType: 'application/fits',
          expiresSeconds: MINUTE,
        });
        const type = { 'Content-Type': headers['Content-Type'] };
        const longer = await fetch(url, { method: 'PUT', headers: type, body: 'SIMPLE  = T' });
        expect(longer.status).toBe(403);
        const shorter = await fetch(url, { method: 'PUT', headers: type, body: 'SIMPLE' });
        expect(shorter.status).toBe(403);
        expect(await store.head(target)).toBeNull();
      });

      it('refuses another type than was signed, and another key', async () => {
        const target = key('typed.fits');
        const { url, headers } = await store.presignPut(target, {
          sizeBytes: 4,
          contentType: 'application/fits',
          expiresSeconds: MINUTE,
        });
        const html = { ...headers, 'Content-Type': 'text/html' };
        const typed = await fetch(url, { method: 'PUT', headers: html, body: 'body' });
        expect(typed.status).toBe(403);
        const elsewhere = url.replace('typed.fits', 'other.fits');
        const moved = await fetch(elsewhere, { method: 'PUT', headers, body: 'body' });
        expect(moved.status).toBe(403);
      });

      it('refuses a part of another size than was signed', async () => {
        const target = key('part.bin');
        const upload = await store.createMultipart(target, 'application/octet-stream');
        const url = await store.presignPart(target, upload, {
          partNumber: 1,
          sizeBytes: 4,
          expiresSeconds: MINUTE,
        });
        expect((await fetch(url, { method: 'PUT', body: 'longer' })).status).toBe(403);
        expect(await store.listParts(target, upload)).toEqual([]);
        await store.abortMultipart(target, upload);
      });

      it('lists the parts that arrived, until the upload is over', async () => {
        const target = key('listed.bin');
        const upload = await store.createMultipart(target, 'application/octet-stream');
        const url = await store.presignPart(target, upload, {
          partNumber: 3,
          sizeBytes: 4,
          expiresSeconds: MINUTE,
        });
        const sent = await fetch(url, { method: 'PUT', body: 'part' });
        const etag = sent.headers.get('etag')!.replaceAll('"', '');
        expect(await store.listParts(target, upload)).toEqual([
          { partNumber: 3, etag, sizeBytes: 4 },
        ]);
        await store.abortMultipart(target, upload);
        expect(await store.listParts(target, upload)).toBeNull();
        await store.abortMultipart(target, upload);
      });

      it('refuses a part with another ETag, and leaves the upload open', async () => {
        const target = key('changed.bin');
        const upload = await store.createMultipart(target, 'application/octet-stream');
        const url = await store.presignPart(target, upload, {
          partNumber: 1,
          sizeBytes: 4,
          expiresSeconds: MINUTE,
        });
        await fetch(url, { method: 'PUT', body: 'part' });
        await expect(
          store.completeMultipart(target, upload, [{ partNumber: 1, etag: 'a'.repeat(32) }]),
        ).rejects.toThrow(MultipartRefusedError);
        expect(await store.listParts(target, upload)).toHaveLength(1);
        await store.abortMultipart(target, upload);
      });
    });
  });
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

const textOf = async (stream: AsyncIterable<Uint8Array>) => (await bytesIn(stream)).toString();

async function bytesIn(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
