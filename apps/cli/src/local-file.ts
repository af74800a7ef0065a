import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readLightCurve, type ReadResult } from '#transit/io';
import { CommandError } from './output.js';

/**
 * Reads and validates a light curve from disk.
 *
 * @throws {CommandError} where the file is not there or cannot be read.
 */
export async function readLocalFile(path: string): Promise<ReadResult> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new CommandError(`${path}: there is no such file`, { cause });
  });
  if (!facts.isFile()) throw new CommandError(`${path}: is not a file`);
  const source = {
    filename: basename(path),
    sizeBytes: facts.size,
    stream: createReadStream(path) as AsyncIterable<Uint8Array>,
  };
  return readLightCurve(source).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`${path}: cannot be read (${reason})`, { cause });
  });
}
