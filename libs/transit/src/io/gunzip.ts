import { createGunzip, type Gunzip } from 'node:zlib';
import { UnreadableError } from './issues.js';
import type { ReadLimits } from './limits.js';

/** Small, so that a bomb is noticed after little input. */
const INPUT_STEP_BYTES = 16 * 1024;
/** Below this much output the ratio says nothing: a short run of equal bytes packs very well. */
const RATIO_FROM_BYTES = 1024 * 1024;

export interface GunzipCounts {
  /** Compressed bytes handed to the decoder. */
  bytesIn: number;
  /** Decompressed bytes that came out. */
  bytesOut: number;
  /** Compressed bytes that belong to gzip members; what follows them is not gzip. Set at the end. */
  consumed: number;
}

/**
 * Undoes gzip (RFC 1952, members one after the other) chunk by chunk, never further ahead than its
 * reader. `counts` is kept up to date.
 *
 * @throws {UnreadableError} truncated_file, corrupt_gzip, decompression_bomb; and what `source` throws.
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  limits: ReadLimits,
  counts: GunzipCounts,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = createGunzip({ chunkSize: 64 * 1024 });
  const feeding = feed(decoder, source, counts);
  feeding.catch((error: Error) => decoder.destroy(error));
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      counts.bytesOut += chunk.length;
      refuseBomb(counts, limits);
      yield chunk;
    }
    await feeding;
  } catch (error) {
    throw translate(error, counts);
  } finally {
    decoder.destroy();
    await feeding.catch(() => undefined); // already reported, or nobody reads on
  }
  counts.consumed = decoder.bytesWritten;
}

async function feed(
  decoder: Gunzip,
  source: AsyncIterable<Uint8Array>,
  counts: GunzipCounts,
): Promise<void> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += INPUT_STEP_BYTES) {
      const step = chunk.subarray(at, at + INPUT_STEP_BYTES);
      if (decoder.destroyed || decoder.readableEnded) return;
      counts.bytesIn += step.length;
      await write(decoder, step);
    }
  }
  decoder.end();
}

/** A decoder that is destroyed while its reader is slow never calls back; it only closes. */
function write(decoder: Gunzip, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    decoder.once('close', resolve);
    decoder.write(bytes, (error) => {
      decoder.off('close', resolve);
      if (error) reject(error);
      else resolve();
    });
  });
}

function refuseBomb(counts: GunzipCounts, limits: ReadLimits): void {
  const { bytesIn, bytesOut } = counts;
  if (bytesOut > limits.maxDecompressedBytes) {
    throw new UnreadableError(
      'decompression_bomb',
      `The file unpacks to more than ${limits.maxDecompressedBytes} bytes, the most that is read.`,
    );
  }
  if (bytesOut > RATIO_FROM_BYTES && bytesOut > bytesIn * limits.maxDecompressionRatio) {
    throw new UnreadableError(
      'decompression_bomb',
      `${bytesIn} compressed bytes unpack to more than ${limits.maxDecompressionRatio} times as many; ` +
        'no light curve does that.',
    );
  }
}

function translate(error: unknown, counts: GunzipCounts): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === 'Z_BUF_ERROR') {
    return new UnreadableError(
      'truncated_file',
      `The gzip stream ends after ${counts.bytesIn} bytes (${counts.bytesOut} unpacked), before the ` +
        'trailer that announces its length and checksum.',
    );
  }
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new UnreadableError(
      'corrupt_gzip',
      `The gzip stream is damaged after ${counts.bytesOut} unpacked bytes: ${(error as Error).message}.`,
    );
  }
  return error;
}
