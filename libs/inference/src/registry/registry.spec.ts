import { describe, expect, it } from 'vitest';
import type { ModelMetadata } from '#contracts';
import type { AliasMove } from './alias-history.js';
import { ModelNotFoundError } from './registry.errors.js';
import {
  compareVersions,
  type ModelRecord,
  parseReference,
  versionAt,
  versionsInOrder,
} from './registry.js';
import { VersionFiles } from './version-files.js';

const aVersion = (version: string) =>
  new VersionFiles({ name: 'koi-forest', version } as ModelMetadata, async () => null);

function aModel(versions: string[], moves: Pick<AliasMove, 'alias' | 'version'>[]): ModelRecord {
  return {
    name: 'koi-forest',
    owner: 'platform',
    versions: versionsInOrder(versions.map(aVersion)),
    moves: moves.map((move) => ({ ...move, at: '2026-11-27T12:00:00Z', by: 'ada', note: '' })),
  };
}

describe('a reference to a model', () => {
  it.each([
    ['auto', { kind: 'auto' }],
    ['koi-forest', { kind: 'named', name: 'koi-forest', at: null }],
    ['koi-forest@1.0.0', { kind: 'named', name: 'koi-forest', at: '1.0.0' }],
    ['koi-forest@v1.0.0', { kind: 'named', name: 'koi-forest', at: '1.0.0' }],
    ['koi-forest@champion', { kind: 'named', name: 'koi-forest', at: 'champion' }],
  ])('E.8 reads %s', (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
  });

  it.each(['', 'a@', '@1.0.0', 'a@b@c'])('E.8 refuses "%s"', (text) => {
    expect(() => parseReference(text)).toThrow(ModelNotFoundError);
  });
});

describe('the version that is meant', () => {
  const model = aModel(
    ['1.0.0', '1.1.0', '2.0.0-rc.1'],
    [
      { alias: 'latest', version: '2.0.0-rc.1' },
      { alias: 'champion', version: '1.0.0' },
      { alias: 'champion', version: '1.1.0' },
    ],
  );
  const at = (what: string | null, of = model) => versionAt(of, what)?.metadata.version ?? null;

  it('E.17 is the champion unless another is named', () => {
    expect(at(null)).toBe('1.1.0');
    expect(at('latest')).toBe('2.0.0-rc.1');
    expect(at('1.0.0')).toBe('1.0.0');
  });

  it('is the latest as long as there is no champion', () => {
    expect(at(null, aModel(['1.0.0'], [{ alias: 'latest', version: '1.0.0' }]))).toBe('1.0.0');
  });

  it('is none where there is no such version or alias', () => {
    expect(at('3.0.0')).toBeNull();
    expect(at('challenger')).toBeNull();
    expect(at(null, aModel([], []))).toBeNull();
  });
});

describe('the order of versions', () => {
  it('E.16 is that of Semantic Versioning', () => {
    const ordered = [
      '0.9.0',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc-1',
      '1.0.0',
      '1.2.0',
      '1.10.0',
    ];
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
    expect(compareVersions('1.0.0', '1.0.0')).toBe(0);
  });
});
