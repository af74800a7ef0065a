/** Binary tables: where a column lies in a row and what its bytes mean (FITS 4.0, section 7.3). */
import { LONGEST_NAME } from './columns.js';
import type { FitsHeader } from './fits-header.js';
import { UnreadableError } from './issues.js';

type Decode = (view: DataView, byteOffset: number) => number;

/** TFORM letter: bytes of one element, and how it is read where it is a number. Table 18 there. */
const ELEMENTS: Readonly<Record<string, { bytes: number; decode: Decode | null; whole: boolean }>> =
  {
    L: { bytes: 1, decode: decodeLogical, whole: false },
    X: { bytes: 1 / 8, decode: null, whole: false },
    B: { bytes: 1, decode: (view, at) => view.getUint8(at), whole: true },
    I: { bytes: 2, decode: (view, at) => view.getInt16(at), whole: true },
    J: { bytes: 4, decode: (view, at) => view.getInt32(at), whole: true },
    K: { bytes: 8, decode: (view, at) => Number(view.getBigInt64(at)), whole: true },
    A: { bytes: 1, decode: null, whole: false },
    E: { bytes: 4, decode: (view, at) => view.getFloat32(at), whole: false },
    D: { bytes: 8, decode: (view, at) => view.getFloat64(at), whole: false },
    C: { bytes: 8, decode: null, whole: false },
    M: { bytes: 16, decode: null, whole: false },
    P: { bytes: 8, decode: null, whole: false },
    Q: { bytes: 16, decode: null, whole: false },
  };

export interface FitsColumn {
  readonly name: string;
  readonly unit: string | null;
  /** "E", "121E": as the header has it. */
  readonly form: string;
  /** Elements per cell. */
  readonly repeat: number;
  /** Value of the cell of the row that starts at `rowOffset`; null where it is no single number. */
  readonly read: ((view: DataView, rowOffset: number) => number) | null;
}

export interface FitsTable {
  readonly rowBytes: number;
  readonly rows: number;
  readonly columns: readonly FitsColumn[];
}

/** @throws {UnreadableError} bad_header, too_many_columns. */
export function describeTable(header: FitsHeader, maxColumns: number): FitsTable {
  const fields = header.integer('TFIELDS');
  if (fields < 0 || fields > maxColumns) {
    throw new UnreadableError(
      'too_many_columns',
      `${header.title}: ${fields} columns announced; up to ${maxColumns} are read.`,
    );
  }
  const rowBytes = header.integer('NAXIS1');
  const columns: FitsColumn[] = [];
  let offset = 0;
  for (let number = 1; number <= fields; number++) {
    const { column, bytes } = describeColumn(header, number, offset);
    columns.push(column);
    offset += bytes;
  }
  if (offset > rowBytes) {
    throw new UnreadableError(
      'bad_header',
      `${header.title}: the columns need ${offset} bytes a row, NAXIS1 gives ${rowBytes}.`,
    );
  }
  return { rowBytes, rows: header.integer('NAXIS2'), columns };
}

function describeColumn(
  header: FitsHeader,
  number: number,
  offset: number,
): { column: FitsColumn; bytes: number } {
  const form = header.string(`TFORM${number}`) ?? '';
  const match = /^(\d{0,9})([A-Z])/.exec(form);
  const element = match ? ELEMENTS[match[2]] : undefined;
  if (!match || !element) {
    throw new UnreadableError(
      'bad_header',
      `${header.title}: TFORM${number} is "${form}", which is no column format.`,
    );
  }
  const repeat = match[1] === '' ? 1 : Number(match[1]);
  const scalar = repeat === 1 ? element.decode : null;
  return {
    bytes: Math.ceil(repeat * element.bytes),
    column: {
      name: header.string(`TTYPE${number}`)?.slice(0, LONGEST_NAME) ?? `column ${number}`,
      unit: header.string(`TUNIT${number}`),
      form,
      repeat,
      read: scalar && reader(header, number, offset, scalar, element.whole),
    },
  };
}

/** Value = TZERO + TSCAL x stored; an integer equal to TNULL is missing (sections 7.3.2). */
function reader(
  header: FitsHeader,
  number: number,
  offset: number,
  decode: Decode,
  whole: boolean,
): (view: DataView, rowOffset: number) => number {
  const scale = header.number(`TSCAL${number}`) ?? 1;
  const zero = header.number(`TZERO${number}`) ?? 0;
  const missing = whole ? header.number(`TNULL${number}`) : null;
  if (scale === 1 && zero === 0 && missing === null) {
    return (view, rowOffset) => decode(view, rowOffset + offset);
  }
  return (view, rowOffset) => {
    const stored = decode(view, rowOffset + offset);
    return stored === missing ? NaN : zero + scale * stored;
  };
}

function decodeLogical(view: DataView, at: number): number {
  const byte = view.getUint8(at);
  if (byte === 0x54) return 1; // "T"
  return byte === 0x46 ? 0 : NaN; // "F"; a zero byte is missing
}
