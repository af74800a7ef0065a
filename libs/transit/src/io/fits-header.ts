/**
 * Header units of a FITS file: 80-character cards in blocks of 2880 bytes (FITS standard 4.0,
 * section 4; CONTINUE: section 4.2.1.2).
 */
import type { ByteReader } from './byte-reader.js';
import { UnreadableError } from './issues.js';

export const FITS_BLOCK_BYTES = 2880;
const CARD_BYTES = 80;
/** Where a continued string stops growing: no name or unit is as long. */
const LONGEST_STRING = 4096;

export type CardValue = string | number | boolean;

/** The keywords of one header unit. A keyword that is repeated keeps its first value. */
export class FitsHeader {
  private readonly values = new Map<string, CardValue>();

  constructor(
    /** 0 is the primary header. */
    readonly index: number,
    cards: readonly string[],
  ) {
    let open: string | null = null; // the keyword of a string that ends in "&"
    for (const card of cards) {
      const keyword = card.slice(0, 8).trimEnd();
      if (keyword === 'CONTINUE' && open !== null) {
        open = this.continueString(open, parseValue(card.slice(8)));
        continue;
      }
      open = null;
      if (card.slice(8, 10) !== '= ' || this.values.has(keyword)) continue;
      const value = parseValue(card.slice(10));
      if (value === null) continue;
      this.values.set(keyword, value);
      if (typeof value === 'string' && value.endsWith('&')) open = keyword;
    }
  }

  /** "HDU 1 (LIGHTCURVE)", for messages. */
  get title(): string {
    const name = this.string('EXTNAME');
    return name ? `HDU ${this.index} (${name})` : `HDU ${this.index}`;
  }

  has(keyword: string): boolean {
    return this.values.has(keyword);
  }

  /** Without trailing blanks; null where absent, empty or no string. */
  string(keyword: string): string | null {
    const value = this.values.get(keyword);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  }

  /** null where absent or no finite number. */
  number(keyword: string): number | null {
    const value = this.values.get(keyword);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  /** @throws {UnreadableError} bad_header where it is absent without a fallback, or no whole number. */
  integer(keyword: string, fallback?: number): number {
    const value = this.values.get(keyword);
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      throw new UnreadableError(
        'bad_header',
        `${this.title}: ${keyword} is ${value === undefined ? 'missing' : `"${value}"`}, a whole number is needed.`,
      );
    }
    return value;
  }

  private continueString(keyword: string, next: CardValue | null): string | null {
    const before = this.values.get(keyword) as string;
    if (before.length > LONGEST_STRING) return null;
    const after = typeof next === 'string' ? next : '';
    this.values.set(keyword, before.slice(0, -1) + after);
    return after.endsWith('&') ? keyword : null;
  }
}

/**
 * Reads one header unit, END and padding included. `budget.cards` is what is left for the file.
 *
 * @throws {UnreadableError} truncated_file, header_too_large.
 */
export async function readHeader(
  reader: ByteReader,
  index: number,
  budget: { cards: number },
): Promise<FitsHeader> {
  const cards: string[] = [];
  const start = reader.position;
  for (;;) {
    const block = Buffer.from(await reader.read(FITS_BLOCK_BYTES)).toString('latin1');
    for (let at = 0; at + CARD_BYTES <= block.length; at += CARD_BYTES) {
      const card = block.slice(at, at + CARD_BYTES);
      if (card.trimEnd() === 'END') {
        if (block.length === FITS_BLOCK_BYTES) return new FitsHeader(index, cards);
        break;
      }
      if (budget.cards-- <= 0) {
        throw new UnreadableError(
          'header_too_large',
          `HDU ${index}: the headers have more cards than are read, and no END among them.`,
        );
      }
      cards.push(card);
    }
    if (block.length < FITS_BLOCK_BYTES) {
      const found = reader.position - start;
      throw new UnreadableError(
        'truncated_file',
        `HDU ${index}: the file ends within the header: ${found} bytes of it found, at least ` +
          `${Math.ceil((found + 1) / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES} announced.`,
      );
    }
  }
}

/** The value part of a card (columns 11 to 80), or null where it is undefined or makes no sense. */
function parseValue(field: string): CardValue | null {
  const text = field.trimStart();
  if (text.startsWith("'")) return parseString(text);
  const token = text.split('/', 1)[0].trim();
  if (token === 'T') return true;
  if (token === 'F') return false;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([EDed][+-]?\d+)?$/.test(token)) return null;
  return Number(token.replace(/[Dd]/, 'E'));
}

function parseString(text: string): string | null {
  const match = /^'((?:[^']|'')*)'/.exec(text);
  return match ? match[1].replaceAll("''", "'").trimEnd() : null;
}
