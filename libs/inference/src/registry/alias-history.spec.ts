import { describe, expect, it } from 'vitest';
import type { ModelAlias } from '#contracts';
import { aliasesAfter, type AliasMove, versionsOfAlias } from './alias-history.js';

const move = (version: string | null, alias: ModelAlias = 'champion'): AliasMove => ({
  alias,
  version,
  at: '2026-11-27T12:00:00.000Z',
  by: 'ada@example.org',
  note: '',
});
const moves = (...versions: (string | null)[]) => versions.map((version) => move(version));

describe('E.20 the history of aliases', () => {
  it('says what each alias stands for after the last move', () => {
    const history = [
      ...moves('1.0.0', '1.1.0'),
      move('1.2.0', 'latest'),
      move('1.2.0', 'challenger'),
    ];
    expect(Object.fromEntries(aliasesAfter(history))).toEqual({
      champion: '1.1.0',
      latest: '1.2.0',
      challenger: '1.2.0',
    });
    expect(aliasesAfter([...history, move(null, 'challenger')]).has('challenger')).toBe(false);
  });

  it('lists what an alias stood for, the present one first', () => {
    const history = [...moves('1.0.0', '1.1.0', '2.0.0'), move('9.9.9', 'latest')];
    expect(versionsOfAlias(history, 'champion')).toEqual(['2.0.0', '1.1.0', '1.0.0']);
  });

  it('does not go back to what was rolled back', () => {
    const rolledBack = moves('1.0.0', '1.1.0', '2.0.0', '1.1.0');
    expect(versionsOfAlias(rolledBack, 'champion')).toEqual(['1.1.0', '1.0.0']);
    expect(versionsOfAlias([...rolledBack, ...moves('1.0.0')], 'champion')).toEqual(['1.0.0']);
  });

  it('begins anew where the alias was taken away', () => {
    expect(versionsOfAlias(moves('1.0.0', null, '1.1.0'), 'champion')).toEqual(['1.1.0']);
    expect(versionsOfAlias([], 'champion')).toEqual([]);
  });
});
