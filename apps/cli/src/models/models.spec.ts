import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aCommand, type TestCommand } from '../../../../test/support/command.js';
import { aVersion, type VersionOptions, written } from '../../../../test/support/models.js';
import { main } from '../cli.js';

describe('lightfold models', () => {
  let command: TestCommand;
  beforeEach(async () => {
    command = await aCommand(main);
  });
  afterEach(() => command.close());

  const models = (...words: string[]) =>
    command.run('models', ...words, '--registry-path', join(command.folder, 'models'));
  let drafts = 0;
  const draft = (options: VersionOptions = {}) =>
    written(
      aVersion({ name: 'koi-forest', ...options }),
      join(command.folder, `draft-${drafts++}`),
    );
  const worth = (version: string, macroAuc: number): VersionOptions => ({
    version,
    bias: [macroAuc, 0, 0],
    evaluation: { metrics: { macro_auc: macroAuc } },
  });

  it('E.15 registers a command.folder, after its golden inputs were run', async () => {
    expect(await models('register', await draft())).toBe(0);
    expect(command.out).toBe('koi-forest@1.0.0 is registered, and latest\n');
    expect(await models('register', await draft())).toBe(1);
    expect(command.err).toContain('koi-forest 1.0.0 is registered already');
  });

  it('E.15 E.21 registers loose files, and fills in what can be computed of them', async () => {
    const source = await draft();
    const at = (name: string) => join(source, name);
    const metadata = JSON.parse(await readFile(at('metadata.json'), 'utf8'));
    const [schema] = metadata.input_schemas;
    for (const field of ['model', 'preprocessing', 'golden', 'features', 'dtype']) {
      delete schema[field];
    }
    delete metadata.name;
    delete metadata.version;
    await writeFile(at('loose.json'), JSON.stringify(metadata));
    const code = await models(
      'register',
      ...['--name', 'koi-forest', '--version', 'v2.0.0'],
      ...['--model-file', at('inputs.onnx'), '--metadata', at('loose.json')],
      ...['--preprocessing', at('inputs.preprocessing.json')],
      ...['--golden', at('inputs.golden.json')],
    );
    expect([code, command.err]).toEqual([0, '']);
    expect(command.out).toContain('koi-forest@2.0.0 is registered');
    expect(await models('validate', '--name', 'koi-forest', '--version', 'latest')).toBe(0);
    expect(command.out).toMatch(
      /koi-forest@2\.0\.0, inputs: 1 golden inputs, largest difference .*: good/,
    );
  });

  it.each([
    ['a graph that is none', { graph: Uint8Array.of(1) }, [], /inputs\.onnx cannot be loaded/],
    ['another name than its metadata', {}, ['--name', 'koi-boosted'], /--name is koi-boosted/],
    ['another version than its metadata', {}, ['--version', '9.0.0'], /--version is 9\.0\.0/],
  ])('refuses to register %s', async (_, options, words, message) => {
    expect(await models('register', await draft(options), ...words)).toBeGreaterThan(0);
    expect(command.err).toMatch(message);
    expect(await models('list')).toBe(0);
    expect(command.out).toContain('No models in');
  });

  it('says which files a registration lacks', async () => {
    expect(await models('register', '--model-file', 'a.onnx')).toBe(2);
    expect(command.err).toContain(
      'a folder, or --model-file, --metadata, --preprocessing and --golden',
    );
    expect(await models('register', join(command.folder, 'nowhere'))).toBe(1);
    expect(command.err).toContain('metadata.json is missing');
  });

  it('E.16 lists models with their aliases, the newest version first', async () => {
    await models('register', await draft(worth('1.0.0', 0.8)));
    await models('register', await draft(worth('1.1.0', 0.9)));
    await models('promote', '--name', 'koi-forest', '--version', '1.0.0');
    await models('list', '--name', 'koi-forest');
    expect(
      command.out
        .split('\n')
        .slice(2)
        .map((line) => line.split(/ {2,}/).slice(0, 3)),
    ).toEqual([['koi-forest', '1.1.0', 'latest'], ['koi-forest', '1.0.0', 'champion'], ['']]);
    await models('list', '--json');
    expect(JSON.parse(command.out)[0]).toMatchObject({
      name: 'koi-forest',
      versions: ['1.0.0', '1.1.0'],
      aliases: { latest: '1.1.0', champion: '1.0.0' },
    });
  });

  it('E.17 shows a version, the latest unless another is named', async () => {
    await models('register', await draft(worth('1.0.0', 0.8)));
    await models('register', await draft(worth('1.1.0', 0.9)));
    expect(await models('info', '--name', 'koi-forest')).toBe(0);
    expect(command.out).toMatch(/^koi-forest 1\.1\.0: A softmax for tests/);
    expect(command.out).toMatch(/SHA-256 [0-9a-f]{64}/);
    await models('info', '--name', 'koi-forest', '--version', '1.0.0', '--json');
    expect(JSON.parse(command.out).version).toBe('1.0.0');
    expect(await models('info', '--name', 'koi-forest', '--version', '3.0.0')).toBe(1);
    expect(command.err).toContain('no model "koi-forest@3.0.0"');
  });

  it('E.18 compares two versions', async () => {
    await models('register', await draft(worth('1.0.0', 0.8)));
    await models('register', await draft(worth('1.1.0', 0.9)));
    const versions = ['--version-a', '1.0.0', '--version-b', 'latest'];
    expect(await models('compare', '--name', 'koi-forest', ...versions)).toBe(0);
    expect(command.out).toMatch(/macro_auc +0\.8000 +0\.9000/);
    expect(command.out).toMatch(/one row, ms +\d+\.\d+ +\d+\.\d+/);
  });

  it('E.19 says which version does not say any more what it said', async () => {
    await models('register', await draft());
    const other = aVersion({ name: 'koi-forest', bias: [1, 0, 0] });
    const golden = join(command.folder, 'models/koi-forest/v1.0.0/inputs.golden.json');
    await writeFile(golden, other.files.get('inputs.golden.json')!);
    expect(await models('validate', '--name', 'koi-forest')).toBe(1);
    expect(command.err).toContain('inputs.golden.json is not the file that was registered');
  });

  it('promotes what is no step back, and rolls back, with a history of both', async () => {
    await models('register', await draft(worth('1.0.0', 0.8)));
    await models('register', await draft(worth('1.1.0', 0.9)));
    await models('register', await draft(worth('1.2.0', 0.5)));
    const promote = (version: string) =>
      models('promote', '--name', 'koi-forest', '--version', version, '--note', 'better');
    expect(await promote('1.0.0')).toBe(0);
    expect(await promote('1.1.0')).toBe(0);
    expect(await promote('1.2.0')).toBe(1);
    expect(command.err).toContain('below the 0.9 of koi-forest@1.1.0');
    expect(await models('rollback', '--name', 'koi-forest')).toBe(0);
    expect(command.out).toBe('koi-forest@champion is 1.0.0 again, after 1.1.0\n');
    expect(await models('rollback', '--name', 'koi-forest')).toBe(1);
    expect(command.err).toContain('had no other champion before');
    const history = await readFile(join(command.folder, 'models/koi-forest/history.jsonl'), 'utf8');
    const moves = history
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(moves.map(({ alias, version, note }) => [alias, version, note]).slice(3)).toEqual([
      ['champion', '1.0.0', 'better'],
      ['champion', '1.1.0', 'better'],
      ['champion', '1.0.0', 'back from 1.1.0'],
    ]);
  });
});
