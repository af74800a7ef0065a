/** Which version an alias stands for, out of the list of its moves: the list only grows. */
import type { ModelAlias } from '#contracts';

export interface AliasMove {
  readonly alias: ModelAlias;
  /** null: the alias was taken away. */
  readonly version: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who moved it. */
  readonly by: string;
  readonly note: string;
}

/** @param moves the oldest first */
export function aliasesAfter(moves: readonly AliasMove[]): ReadonlyMap<ModelAlias, string> {
  const aliases = new Map<ModelAlias, string>();
  for (const { alias, version } of moves) {
    if (version === null) aliases.delete(alias);
    else aliases.set(alias, version);
  }
  return aliases;
}

/**
 * The versions that an alias stood for, the present one first, each once: what a rollback goes back
 * to, and what serves in place of a version that cannot be loaded. A version that was rolled back
 * from does not come again before the one that it was rolled back to.
 *
 * @param moves the oldest first
 */
export function versionsOfAlias(moves: readonly AliasMove[], alias: ModelAlias): string[] {
  const stack: string[] = [];
  for (const move of moves) {
    if (move.alias !== alias) continue;
    if (move.version === null) {
      stack.length = 0;
      continue;
    }
    const place = stack.indexOf(move.version);
    // Back to an earlier one: what came after it is undone.
    if (place >= 0) stack.length = place;
    stack.push(move.version);
  }
  return stack.reverse();
}
