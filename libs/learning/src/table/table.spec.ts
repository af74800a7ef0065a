import { describe, expect, it } from 'vitest';
import { aTable } from '../fixtures/made-up.js';
import { rolesOf } from './roles.js';
import { numberIn, tableOf, TrainingInputError } from './table.js';
import { leaksOf, targetOf } from './target.js';

const columns = (of: Record<string, (row: number) => string>, rows = 40) =>
  tableOf(
    Object.keys(of),
    Array.from({ length: rows }, (_, row) => Object.values(of).map((cell) => cell(row))),
  );

function fieldOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof TrainingInputError) return error.field;
    throw error;
  }
  return 'nothing was refused';
}

describe('a table', () => {
  it('reads numbers as tables write them, and nothing else', () => {
    expect(['1', '-2.5', '+.5e-3', '1D2', '7.'].map(numberIn)).toEqual([1, -2.5, 0.0005, 100, 7]);
    expect(['', '0x1f', 'Infinity', '1e99', '1,5', 'one'].map(numberIn)).toEqual(
      Array(6).fill(NaN),
    );
  });

  it('refuses a name that stands twice and a record of another length', () => {
    expect(fieldOf(() => tableOf(['a', 'a'], []))).toBe('a');
    expect(fieldOf(() => tableOf(['a', 'b'], [['1', '2'], ['3']]))).toBe('row 2');
  });

  it('D.3 guesses what each column is for', () => {
    const table = columns({
      row_id: (row) => String(row),
      kepid: (row) => String(1000 + Math.floor(row / 1.3)),
      depth: (row) => (row % 7 ? String(row * 1.5) : 'NaN'),
      mission: (row) => (row % 2 ? 'Kepler' : 'TESS'),
      comment: (row) => `seen ${row}`,
      one: () => '1',
      nothing: () => '',
      label: (row) => (row % 3 ? 'a' : 'b'),
    });
    const roles = rolesOf(table, 'label', {}).map(({ role }) => role);
    expect(roles).toEqual([
      ...['identifier', 'group', 'number', 'category'],
      ...['identifier', 'ignore', 'ignore', 'target'],
    ]);
    const asked = rolesOf(table, 'label', { depth: 'ignore', one: 'number' });
    expect(asked.filter(({ why }) => why === 'asked for')).toHaveLength(2);
  });

  it('D.3 names the field of what no model can be trained with', () => {
    const table = aTable({ rows: 40 });
    expect(fieldOf(() => rolesOf(table, 'nobody', {}))).toBe('target_column');
    expect(fieldOf(() => rolesOf(table, 'label', { nobody: 'number' }))).toBe('roles.nobody');
    expect(fieldOf(() => rolesOf(table, 'label', { mission: 'number' }))).toBe('roles.mission');
    expect(fieldOf(() => rolesOf(table, 'label', { label: 'number' }))).toBe('roles.label');
    const empty = columns({ empty: () => '', label: (row) => String(row % 2) });
    expect(fieldOf(() => rolesOf(empty, 'label', { empty: 'number' }))).toBe('roles.empty');
    expect(fieldOf(() => rolesOf(empty, 'label', {}))).toBe('roles');
  });
});

describe('a target', () => {
  const targetIn = (cell: (row: number) => string, rows = 40) =>
    columns({ x: (row) => String(row), label: cell }, rows);

  it('D.3 must have two classes, rows enough of each, and numbers for a regression', () => {
    const refused = (table: ReturnType<typeof targetIn>, task: 'classification' | 'regression') =>
      fieldOf(() => targetOf(table, 'label', task));
    expect(
      refused(
        targetIn(() => 'a'),
        'classification',
      ),
    ).toBe('target_column');
    expect(
      refused(
        targetIn((row) => (row === 0 ? 'b' : 'a')),
        'classification',
      ),
    ).toBe('target_column');
    expect(
      refused(
        targetIn((row) => (row % 2 ? 'b' : 'a'), 19),
        'classification',
      ),
    ).toBe('target_column');
    expect(
      refused(
        targetIn(() => 'a'),
        'regression',
      ),
    ).toBe('target_column');
    expect(
      refused(
        targetIn(() => '1'),
        'regression',
      ),
    ).toBe('target_column');
  });

  it('leaves out the rows that have none', () => {
    const table = targetIn((row) => (row % 4 === 0 ? '' : row % 2 ? 'b' : 'a'));
    const { rows, labels } = targetOf(table, 'label', 'classification');
    expect(rows).toHaveLength(30);
    expect(labels).toEqual(['a', 'b']);
  });

  it('is given away by a column that determines it, which is said', () => {
    const table = columns({
      score: (row) => String(row % 2 ? 5 + row : -5 - row),
      verdict: (row) => (row % 2 ? 'planet' : 'none'),
      noise: (row) => String((row * 7) % 11),
      label: (row) => (row % 2 ? 'b' : 'a'),
    });
    const target = targetOf(table, 'label', 'classification');
    const leaks = leaksOf(table, rolesOf(table, 'label', {}), target);
    expect(leaks).toHaveLength(2);
    expect(leaks[0]).toContain('"score"');
    expect(leaks[1]).toContain('"verdict"');
  });

  it('of a regression is given away by a column on the same line', () => {
    const table = columns({ twice: (row) => String(2 * row + 1), label: (row) => String(row) });
    const target = targetOf(table, 'label', 'regression');
    expect(leaksOf(table, rolesOf(table, 'label', {}), target)).toHaveLength(1);
  });
});
