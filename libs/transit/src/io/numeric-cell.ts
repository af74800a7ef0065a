/** What stands for a missing value, in lower case; infinities are none too. */
const MISSING = new Set([
  '',
  'nan',
  '+nan',
  '-nan',
  'null',
  'none',
  'na',
  'n/a',
  '<na>',
  'masked',
  '-',
  '--',
  'inf',
  '+inf',
  '-inf',
  'infinity',
  '+infinity',
  '-infinity',
]);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/;

/** NaN for a missing value, null where the cell is no number. Fortran's 1.0D+03 is one. */
export function parseCell(cell: string): number | null {
  const fast = Number(cell);
  if (fast === fast && cell.length < 25 && !/[xXoObBIy]|^\s*$/.test(cell)) return fast;
  const text = cell
    .trim()
    .replace(/^(['"])(.*)\1$/, '$2')
    .trim();
  if (MISSING.has(text.toLowerCase())) return NaN;
  if (!NUMBER.test(text)) return null;
  const value = Number(text.replace(/[dD]/, 'e'));
  return Number.isFinite(value) ? value : NaN;
}

export function isNumeric(cell: string): boolean {
  return parseCell(cell) !== null;
}
