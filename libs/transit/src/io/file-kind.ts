/** What a file is, by its first bytes; its name only has to agree. */
import { UnreadableError } from './issues.js';

export const SNIFF_BYTES = 4096;

export type FileKind = 'fits' | 'text';

/** First bytes of what people upload by mistake, and what it is. */
const FOREIGN: readonly (readonly [start: string, what: string])[] = [
  ['PK\x03\x04', 'a ZIP archive (or an Excel workbook)'],
  ['%PDF', 'a PDF document'],
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['\x89HDF', 'an HDF5 file'],
  ['CDF\x01', 'a NetCDF file'],
  ['\x93NUMPY', 'a NumPy array'],
  ['PAR1', 'a Parquet file'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ', 'an xz archive'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard archive'],
  ['7z\xbc\xaf', 'a 7-Zip archive'],
  ['\x1f\x8b', 'a gzip file inside a gzip file'],
  ['\x80\x04', 'a Python pickle'],
  ['\xff\xfe', 'text in UTF-16'],
  ['\xfe\xff', 'text in UTF-16'],
];

const TEXT_STARTS: readonly (readonly [start: RegExp, what: string])[] = [
  [/^<(!doctype html|html|head|body)/i, 'an HTML page, perhaps the error page of a download'],
  [/^<\?xml|^<votable/i, 'an XML document'],
  [/^[{[]/, 'a JSON document'],
];

export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * @param start up to SNIFF_BYTES of the content, gzip undone.
 * @throws {UnreadableError} empty_file, format_mismatch.
 */
export function recognise(start: Uint8Array, filename: string): FileKind {
  if (start.length === 0) throw new UnreadableError('empty_file', 'The file is empty.');
  const kind = recogniseContent(start);
  const named = kindByName(filename);
  if (named !== null && named !== kind) {
    throw new UnreadableError(
      'format_mismatch',
      `The name "${baseName(filename)}" says ${named === 'fits' ? 'FITS' : 'text'}, the content is ` +
        `${kind === 'fits' ? 'FITS' : 'text'}.`,
    );
  }
  return kind;
}

function recogniseContent(start: Uint8Array): FileKind {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength).toString('latin1');
  if (/^SIMPLE {2}=/.test(bytes)) return 'fits';
  for (const [magic, what] of FOREIGN) if (bytes.startsWith(magic)) refuse(what);
  if (bytes.slice(257, 262) === 'ustar') refuse('a tar archive');
  const text = bytes.replace(/^\xef\xbb\xbf/, '').trimStart();
  for (const [pattern, what] of TEXT_STARTS) if (pattern.test(text)) refuse(what);
  if (hasBinary(start)) refuse('binary, and no FITS file (which begins with "SIMPLE  =")');
  return 'text';
}

function refuse(what: string): never {
  throw new UnreadableError('format_mismatch', `The content is ${what}, not a light curve.`);
}

/** Control characters other than tab, line feed, form feed and carriage return. */
function hasBinary(start: Uint8Array): boolean {
  return start.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13);
}

function kindByName(filename: string): FileKind | null {
  const name = baseName(filename).toLowerCase().replace(/\.gz$/, '');
  if (/\.(fits|fit|fts|ftz|fz)$/.test(name)) return 'fits';
  return /\.(csv|tsv|ecsv|txt|dat|tbl|tab|ascii|asc)$/.test(name) ? 'text' : null;
}

function baseName(filename: string): string {
  return filename.split(/[\\/]/).at(-1) ?? filename;
}
