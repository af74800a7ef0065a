import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTableFile } from '../../apps/cli/src/train/read-table-file.ts';
import { fromWire, trainingRecipe } from '#contracts';
import { recipeConfig, recipeTable, train } from '#learning';
import { sha256Of } from '#inference';

const TABLE = join(
  resolve(process.env.LIGHTFOLD_DATA ?? '../shared/data'),
  'catalogs/koi_cumulative_2025-10-04.csv.gz',
);
/** Of the table that the bundled models were made of; the archive's changes from week to week. */
const SHA256 = 'a432a837671552e13be90235f1cbcfce35f608c08c4f4e9361397a925e30a3e5';
const isTheTable = existsSync(TABLE) && sha256Of(readFileSync(TABLE)) === SHA256;
const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

describe.skipIf(!isTheTable)('koi-boosted', () => {
  it('D.3 E.14 comes out again of its recipe, byte for byte', async () => {
    const recipe = fromWire(trainingRecipe, trainingRecipe.parse(json('koi-boosted.json')));
    const schema = recipe.schemas.find(({ name }) => name === 'brief');
    const table = recipeTable(await readTableFile(TABLE), recipe, schema);
    const trained = await train(table, recipeConfig(recipe, schema));
    const metadata = json('../../models/koi-boosted/v1.0.0/metadata.json');
    const kept = metadata.input_schemas.find(({ name }) => name === 'brief');
    expect(trained.evaluation).toEqual(kept.evaluation);
    expect(trained.calibration).toEqual(kept.calibration);
    expect(sha256Of(trained.model)).toBe(kept.model.sha256);
  });
});
