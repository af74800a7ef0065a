import { readFile } from 'node:fs/promises';
import { CommandError } from './output.js';

/** @throws {CommandError} naming the file that cannot be read, or is no JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`${path}: cannot be read`, { cause });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new CommandError(`${path}: is not JSON`, { cause });
  }
}
