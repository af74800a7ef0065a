/**
 * Rounds and answers as bytes, in V8's own format: both sides have the same engine, or do not talk.
 * A digest goes with the bytes wherever they go, and is compared before they are read.
 */
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { CoarseRound, ShardAnswer } from '#transit';

export const roundToBytes = (round: CoarseRound): Uint8Array => serialize(round);
export const answerToBytes = (answer: ShardAnswer): Uint8Array => serialize(answer);

/** @param bytes whose digest was found right */
export const roundOfBytes = (bytes: Uint8Array): CoarseRound => deserialize(bytes) as CoarseRound;

/** Whatever the bytes say; null where they say nothing. */
export function answerOfBytes(bytes: Uint8Array): unknown {
  try {
    return deserialize(bytes);
  } catch {
    return null;
  }
}

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
