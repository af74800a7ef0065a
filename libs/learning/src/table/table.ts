/** A table as it was uploaded, column by column; a missing cell is null. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
}

export interface TableColumn {
  readonly name: string;
  /** Trimmed text, or null where it is missing. */
  readonly cells: readonly (string | null)[];
}

/** What programs write where they have no value. */
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);

/** A table or a wish that no model can be trained on; `field` is what to mend. */
export class TrainingInputError extends RangeError {
  constructor(
    readonly field: string,
    detail: string,
  ) {
    super(`${field}: ${detail}`);
    this.name = 'TrainingInputError';
  }
}

/**
 * @param records (N,) each with a cell for every name
 * @throws {TrainingInputError} for a name that stands twice, or a record of another length
 */
export function tableOf(names: readonly string[], records: readonly (readonly string[])[]): Table {
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new TrainingInputError(twice, 'Two columns have this name.');
  records.forEach((record, row) => {
    if (record.length === names.length) return;
    const detail = `Has ${record.length} cells, not ${names.length}.`;
    throw new TrainingInputError(`row ${row + 1}`, detail);
  });
  const columns = names.map((name, place) => ({
    name,
    cells: records.map((record) => cellOf(record[place])),
  }));
  return { rows: records.length, columns };
}

function cellOf(text: string): string | null {
  const trimmed = text.trim();
  return MISSING.has(trimmed.toLowerCase()) ? null : trimmed;
}

export function columnNamed(table: Table, name: string, field: string): TableColumn {
  const column = table.columns.find((one) => one.name === name);
  if (column) return column;
  const names = table.columns.slice(0, 20).map((one) => one.name);
  throw new TrainingInputError(field, `The table has no column "${name}"; ${names.join(', ')}.`);
}

/** (N,) NaN where a cell is missing or no finite float32. */
export const numbersOf = ({ cells }: TableColumn): Float64Array =>
  Float64Array.from(cells, (cell) => (cell === null ? NaN : numberIn(cell)));

/** JavaScript also reads "0x1f" and "Infinity", which no table means. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/;

export function numberIn(text: string): number {
  if (!NUMBER.test(text)) return NaN;
  const value = Number(text.replace(/[dD]/, 'e'));
  return Number.isFinite(Math.fround(value)) ? value : NaN;
}

/** How often each cell stands there, missing ones left out. */
export function countsOf(cells: Iterable<string | null>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return counts;
}
