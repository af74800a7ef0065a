import { constants, deflateSync } from 'node:zlib';

/**
 * Runs only: pictures of lines and letters have few other repetitions. zlib's usual way makes them a
 * seventh smaller and takes two to five times as long. What comes out is asked of the system in chunks of
 * 64 KiB: a larger one is mostly left empty, and lies about until it is collected.
 */
const PACKING = { level: 1, strategy: constants.Z_RLE, chunkSize: 1 << 16 } as const;

/** A zlib stream (RFC 1950) of pixels. */
export const packed = (bytes: Uint8Array): Buffer => deflateSync(bytes, PACKING);

/** The end of several streams, packed once. */
export interface PackedEnd {
  readonly blocks: Buffer;
  readonly sum: number;
  readonly length: number;
}

export function packedEnd(bytes: Uint8Array): PackedEnd {
  const stream = packed(bytes);
  return { blocks: stream.subarray(2, -4), sum: sumOf(stream), length: bytes.length };
}

/** The stream of these bytes with that end behind them. */
export function packedBefore(bytes: Uint8Array, end: PackedEnd): Buffer {
  const start = deflateSync(bytes, { ...PACKING, finishFlush: constants.Z_SYNC_FLUSH });
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(joined(sumOf(deflateSync(bytes, { level: 0 })), end));
  return Buffer.concat([start, end.blocks, sum]);
}

/** Adler-32 of the bytes in a stream. */
const sumOf = (stream: Buffer): number => stream.readUInt32BE(stream.length - 4);

/** Adler-32 (RFC 1950, 8.2) of two parts: a is 1 and all bytes, b adds up what a was at each of them. */
function joined(first: number, { sum, length }: PackedEnd): number {
  const [a, b] = [first & 0xffff, first >>> 16];
  const [nextA, nextB] = [sum & 0xffff, sum >>> 16];
  const bothB = (b + nextB + (length % PRIME) * (a + PRIME - 1)) % PRIME;
  return bothB * 0x10000 + ((a + nextA + PRIME - 1) % PRIME);
}

const PRIME = 65521;
