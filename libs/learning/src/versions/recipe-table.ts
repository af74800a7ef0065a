/** What a recipe takes of a table, and as what. */
import type { TrainingConfig, TrainingRecipe } from '#contracts';
import { columnNamed, type Table, type TableColumn, TrainingInputError } from '../table/table.js';

type RecipeSchema = TrainingRecipe['schemas'][number];

/**
 * The columns of one input schema under the names of requests, its constants, and the target with
 * its labels.
 *
 * @throws {TrainingInputError} for a column that the table does not have, or a name that is given twice
 */
export function recipeTable(table: Table, recipe: TrainingRecipe, schema: RecipeSchema): Table {
  const { labels, training } = recipe;
  const { rows } = table;
  const target = columnNamed(table, training.targetColumn, 'training.target_column');
  const labelled = target.cells.map((cell) =>
    cell !== null && Object.hasOwn(labels, cell) ? labels[cell] : cell,
  );
  const taken = Object.entries(schema.columns).map(([own, name]): TableColumn => {
    const { cells } = columnNamed(table, own, `schemas.${schema.name}.columns`);
    return { name, cells };
  });
  const constants = Object.entries(schema.constants).map(([name, cell]): TableColumn => ({
    name,
    cells: Array.from({ length: rows }, () => cell),
  }));
  const columns = [...taken, ...constants, { name: target.name, cells: labelled }];
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new TrainingInputError(`schemas.${schema.name}.columns`, `"${twice}" is named twice.`);
  }
  return { rows, columns };
}

/** The training of one input schema. */
export const recipeConfig = (
  { training }: TrainingRecipe,
  schema: RecipeSchema,
): TrainingConfig => ({
  ...training,
  roles: { ...training.roles, ...schema.roles },
});
