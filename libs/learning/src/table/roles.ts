/** What each column is for: guessed from its name and its cells, or as its owner says. */
import type { ColumnRole } from '#contracts';
import {
  columnNamed,
  countsOf,
  numberIn,
  type Table,
  type TableColumn,
  TrainingInputError,
} from './table.js';

export interface RoledColumn {
  readonly name: string;
  readonly role: ColumnRole | 'target';
  /** Why it was guessed, or that it was asked for. */
  readonly why: string;
}

/** Share of the cells that must be numbers; the rest counts as missing. */
const MOSTLY_NUMBERS = 0.99;
/** More words than this share of the rows, or than this many, tell rows apart instead of kinds. */
const FEW_WORDS_SHARE = 0.5;
const MOST_WORDS = 1000;
/** A column whose name says identifier has more words than this share of the rows. */
const IDENTIFIER_WORDS_SHARE = 0.2;
const NAMED_AS_IDENTIFIER =
  /(^|_)(id|uuid|name|rowid|index)$|^(kepid|tic|tic_id|epic|toi|toipfx)$/i;
/** A column whose name says identifier, but whose cells repeat: rows of one thing. */
const REPEATED = 0.999;

/**
 * @param overrides by column, instead of what would be guessed
 * @throws {TrainingInputError} where the target, an overridden column or every feature is missing,
 * or a column is asked to be what its cells are not
 */
export function rolesOf(
  table: Table,
  target: string,
  overrides: Readonly<Record<string, ColumnRole>>,
): RoledColumn[] {
  columnNamed(table, target, 'target_column');
  for (const name of Object.keys(overrides)) columnNamed(table, name, `roles.${name}`);
  if (overrides[target] !== undefined) {
    throw new TrainingInputError(`roles.${target}`, 'The target has no other role.');
  }
  const roles = table.columns.map((column) => {
    if (column.name === target) return { name: target, role: 'target' as const, why: 'the target' };
    const asked = Object.hasOwn(overrides, column.name) ? overrides[column.name] : null;
    if (asked) return { name: column.name, role: checked(column, asked), why: 'asked for' };
    return { name: column.name, ...guessed(column) };
  });
  if (!roles.some(({ role }) => role === 'number' || role === 'category')) {
    throw new TrainingInputError('roles', 'No column is left to learn from.');
  }
  return roles;
}

function checked(column: TableColumn, role: ColumnRole): ColumnRole {
  const field = `roles.${column.name}`;
  if (role === 'number' || role === 'category') {
    if (column.cells.every((cell) => cell === null)) {
      throw new TrainingInputError(field, 'All its cells are missing.');
    }
  }
  if (role === 'number') {
    const word = column.cells.find((cell) => cell !== null && Number.isNaN(numberIn(cell)));
    if (word !== undefined) throw new TrainingInputError(field, `"${word}" is not a number.`);
  }
  if (role === 'category' && countsOf(column.cells).size > MOST_WORDS) {
    throw new TrainingInputError(field, `It has more than ${MOST_WORDS} categories.`);
  }
  return role;
}

function guessed({ name, cells }: TableColumn): { role: ColumnRole; why: string } {
  const present = cells.filter((cell): cell is string => cell !== null);
  if (present.length === 0) return { role: 'ignore', why: 'all its cells are missing' };
  const distinct = countsOf(present).size;
  if (distinct === 1 && present.length === cells.length) {
    return { role: 'ignore', why: 'all its cells are the same' };
  }
  const numbers = present.filter((cell) => !Number.isNaN(numberIn(cell))).length;
  const isNumber = numbers >= MOSTLY_NUMBERS * present.length;
  if (NAMED_AS_IDENTIFIER.test(name) && distinct > IDENTIFIER_WORDS_SHARE * present.length) {
    return distinct > REPEATED * present.length
      ? { role: 'identifier', why: 'its name says so, and its cells differ' }
      : { role: 'group', why: 'its name says identifier, and its cells repeat' };
  }
  if (isNumber) return { role: 'number', why: 'its cells are numbers' };
  if (distinct > MOST_WORDS || distinct > FEW_WORDS_SHARE * present.length) {
    return { role: 'identifier', why: 'its words hardly repeat' };
  }
  return { role: 'category', why: 'its cells are words that repeat' };
}
