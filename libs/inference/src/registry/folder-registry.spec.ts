import { mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aVersion, type VersionOptions, written } from '../../../../test/support/models.js';
import { aliasesAfter } from './alias-history.js';
import { FolderRegistry } from './folder-registry.js';
import { InvalidVersionError, ModelNotFoundError, VersionExistsError } from './registry.errors.js';

describe('E.20 a registry in a folder', () => {
  let folder: string;
  let registry: FolderRegistry;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lightfold-registry-'));
    registry = new FolderRegistry(join(folder, 'models'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const at = (...path: string[]) => join(folder, 'models', 'koi-softmax', ...path);
  let drafts = 0;
  async function register(options: VersionOptions = {}) {
    const draft = await written(aVersion(options), join(folder, `draft-${drafts++}`));
    return registry.register(draft, 'ada', 'first light');
  }

  it('E.15 takes a version in, which is the latest from then on', async () => {
    await register();
    await register({ version: '1.1.0' });
    const model = await registry.get('koi-softmax');
    expect([...model.versions.keys()]).toEqual(['1.0.0', '1.1.0']);
    expect(Object.fromEntries(aliasesAfter(model.moves))).toEqual({ latest: '1.1.0' });
    expect(model.moves.map(({ by, note }) => [by, note])).toEqual([
      ['ada', 'first light'],
      ['ada', 'first light'],
    ]);
    expect(await readlink(at('latest'))).toBe('v1.1.0');
  });

  it('E.16 lists its models by name, and none where there is no folder', async () => {
    expect(await registry.list()).toEqual([]);
    await register({ name: 'b-model' });
    await register({ name: 'a-model' });
    expect((await registry.list()).map(({ name }) => name)).toEqual(['a-model', 'b-model']);
  });

  it('never changes a version', async () => {
    await register();
    await expect(register()).rejects.toThrow(VersionExistsError);
    await expect(register({ bias: [1, 2, 3] })).rejects.toThrow(
      /koi-softmax 1\.0\.0 .* never change/,
    );
    expect((await registry.get('koi-softmax')).moves).toHaveLength(1);
  });

  it('gives one of two who register the same version at the same time what they asked for', async () => {
    const outcomes = await Promise.allSettled([register(), register({ bias: [1, 2, 3] })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await registry.get('koi-softmax')).versions.size).toBe(1);
  });

  it('adds to its history, and never takes away', async () => {
    await register();
    const before = await readFile(at('history.jsonl'), 'utf8');
    await registry.move('koi-softmax', 'champion', '1.0.0', 'grace', 'good enough');
    await registry.move('koi-softmax', 'champion', null, 'grace', 'not after all');
    const after = await readFile(at('history.jsonl'), 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after.trimEnd().split('\n')).toHaveLength(3);
    await expect(readlink(at('champion'))).rejects.toThrow('ENOENT');
  });

  it('refuses a version with a file that is missing or another than its metadata say', async () => {
    const damaged = { 'inputs.onnx': Uint8Array.of(1) };
    await expect(register({ damaged })).rejects.toThrow(
      /inputs\.onnx is not the file that was registered: 1 bytes/,
    );
    const draft = await written(aVersion(), join(folder, 'incomplete'));
    await rm(join(draft, 'inputs.golden.json'));
    await expect(registry.register(draft, 'ada')).rejects.toThrow(
      /inputs\.golden\.json is missing/,
    );
    await expect(registry.get('koi-softmax')).rejects.toThrow(ModelNotFoundError);
  });

  it('E.14 names every fault of metadata by its place', async () => {
    const draft = await written(aVersion(), join(folder, 'draft'));
    const metadata = JSON.parse(await readFile(join(draft, 'metadata.json'), 'utf8'));
    metadata.version = 'one';
    metadata.input_schemas[0].model.sha256 = 'x';
    await writeFile(join(draft, 'metadata.json'), JSON.stringify(metadata));
    const refusal = await registry.register(draft, 'ada').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidVersionError);
    expect((refusal as InvalidVersionError).faults).toEqual([
      expect.stringContaining('/version: A semantic version'),
      expect.stringContaining('/input_schemas/0/model/sha256'),
    ]);
  });

  it('E.31 says what is wrong with a layout that is none', async () => {
    await register();
    await writeFile(at('v1.0.0', 'metadata.json'), '{');
    await expect(registry.get('koi-softmax')).rejects.toThrow(/metadata\.json is not JSON/);
    const other = aVersion({ name: 'other' });
    await writeFile(at('v1.0.0', 'metadata.json'), other.files.get('metadata.json')!);
    await expect(registry.get('koi-softmax')).rejects.toThrow(/says that it is other@1\.0\.0/);
    await expect(registry.get('../koi-softmax')).rejects.toThrow(ModelNotFoundError);
  });

  it('says which line of a history is none', async () => {
    await register();
    await writeFile(at('history.jsonl'), '{"alias":"champion"}\n', { flag: 'a' });
    await expect(registry.get('koi-softmax')).rejects.toThrow(/Line 2 is no move/);
  });

  it('reads a file only as long as it is what was registered', async () => {
    const version = await register();
    const [{ model }] = version.metadata.input_schemas;
    expect(await version.read(model)).toHaveLength(model.size_bytes);
    const bytes = await readFile(at('v1.0.0', model.file));
    bytes[bytes.length - 1] ^= 1;
    await writeFile(at('v1.0.0', model.file), bytes);
    await expect(version.read(model)).rejects.toThrow(InvalidVersionError);
  });
});
