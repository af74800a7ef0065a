import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { type Table, tableOf } from '#learning';
import { CommandError } from '../output.js';

/**
 * A table of a file, whole. Archives write what their columns mean in lines that begin with `#`.
 *
 * @throws {CommandError} where it cannot be read
 */
export async function readTableFile(path: string): Promise<Table> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CommandError(`${path}: cannot be read`, { cause });
  });
  try {
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = (isGzip ? gunzipSync(bytes) : bytes).toString('utf8');
    const records = parse(text, {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      skip_empty_lines: true,
      trim: true,
    });
    const [names, ...rows] = records as string[][];
    if (!names || rows.length === 0) throw new Error('it has no rows below its header');
    return tableOf(names, rows);
  } catch (cause) {
    throw new CommandError(`${path}: ${(cause as Error).message}`, { cause });
  }
}
