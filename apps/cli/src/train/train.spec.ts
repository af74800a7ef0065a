import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aCommand, type TestCommand } from '../../../../test/support/command.js';
import { main } from '../cli.js';

/** Planets are shallow, others deep; some depths are missing. */
function aTable(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const isPlanet = i % 3 === 0;
    const depth = i % 11 === 0 ? '' : String((isPlanet ? 300 : 900) + ((i * 37) % 400));
    return `${i >> 1},${depth},${(i * 53) % 100},${isPlanet ? 'CONFIRMED' : 'FALSE POSITIVE'}`;
  });
  return `# depth: ppm\nkepid,koi_depth,koi_kepmag,koi_disposition\n${lines.join('\n')}\n`;
}

const RECIPE = {
  name: 'my-model',
  version: '1.0.0',
  description: 'Tells shallow from deep',
  dataset_version: 'made up',
  labels: { 'FALSE POSITIVE': 'FALSE_POSITIVE' },
  schemas: [
    {
      name: 'full',
      columns: { kepid: 'kepid', koi_depth: 'depth', koi_kepmag: 'magnitude' },
      roles: { kepid: 'group' },
    },
    {
      name: 'brief',
      columns: { kepid: 'kepid', koi_depth: 'depth' },
      constants: { source: 'KEPLER' },
      roles: { kepid: 'group', source: 'category' },
    },
  ],
  training: {
    target_column: 'koi_disposition',
    task_type: 'classification',
    model_config: { selected_model: 'random_forest', n_estimators: 20 },
  },
};

describe('lightfold train', () => {
  let command: TestCommand;
  beforeEach(async () => {
    command = await aCommand(main);
  });
  afterEach(() => command.close());

  async function trainWith(recipe: object, table: string | Uint8Array = aTable(300)) {
    await writeFile(join(command.folder, 'recipe.json'), JSON.stringify(recipe));
    await writeFile(join(command.folder, 'table.csv'), table);
    const paths = [join(command.folder, 'recipe.json'), join(command.folder, 'table.csv')];
    return command.run('train', ...paths, '--out', join(command.folder, 'version'));
  }
  const registered = (...words: string[]) =>
    command.run('models', ...words, '--registry-path', join(command.folder, 'models'));

  it('D.3 D.22 makes a version that can be registered, validated and promoted', async () => {
    expect([await trainWith(RECIPE, gzipSync(aTable(300))), command.out]).toEqual([
      0,
      `my-model@1.0.0 is in ${join(command.folder, 'version')}\n`,
    ]);
    expect(command.err).toMatch(/full: accuracy 0\.[89]|full: accuracy 1/);
    expect(await registered('register', join(command.folder, 'version'))).toBe(0);
    expect(await registered('validate', '--name', 'my-model')).toBe(0);
    expect(command.out).toMatch(/full: 20 golden inputs.*good\n.*brief: 20 golden inputs.*good/);
    expect(await registered('promote', '--name', 'my-model', '--version', '1.0.0')).toBe(0);
    const read = (file: string) => readFile(join(command.folder, 'version', file), 'utf8');
    const metadata = JSON.parse(await read('metadata.json'));
    expect(metadata.output_schema.labels).toEqual(['CONFIRMED', 'FALSE_POSITIVE']);
    expect(metadata.input_schemas.map(({ name }: { name: string }) => name)).toEqual([
      'full',
      'brief',
    ]);
    const brief = JSON.parse(await read('brief.preprocessing.json'));
    expect(brief.columns.map(({ name }: { name: string }) => name)).toEqual(['depth', 'source']);
    const card = await read('card.md');
    expect(card).toContain('| CONFIRMED |');
    expect(card).toContain('![Reliability of probabilities, full](full.reliability.svg)');
    expect(await read('brief.roc.svg')).toContain('my-model 1.0.0, brief');
    expect(card).toContain('### Calibration');
    expect(card).not.toContain('NaN');
  });

  it.each([
    [{ ...RECIPE, version: 'one' }, /\/version: A semantic version/],
    [{ ...RECIPE, model: 'x' }, /Unrecognized key/],
    [
      { ...RECIPE, training: { ...RECIPE.training, target_column: 'colour' } },
      /training\.target_column: The table has no column "colour"/,
    ],
    [
      { ...RECIPE, schemas: [{ name: 'full', columns: { depth: 'depth' } }] },
      /schemas\.full\.columns: The table has no column "depth"/,
    ],
    [
      { ...RECIPE, schemas: [{ name: 'full', columns: { kepid: 'a', koi_depth: 'a' } }] },
      /"a" is named twice/,
    ],
  ])('says what is wrong with a recipe: %#', async (recipe, message) => {
    expect(await trainWith(recipe)).toBe(1);
    expect(command.err).toMatch(message);
  });

  it('says what is wrong with a table', async () => {
    expect(await trainWith(RECIPE, '# only a remark\n')).toBe(1);
    expect(command.err).toContain('table.csv: it has no rows');
    expect(await trainWith(RECIPE, 'a,b\n1\n')).toBe(1);
    expect(command.err).toContain('table.csv: Invalid Record Length: expect 2, got 1 on line 2');
    expect(await trainWith(RECIPE, aTable(10))).toBe(1);
    expect(command.err).toMatch(/target_column: .*20 are needed/);
  });
});
