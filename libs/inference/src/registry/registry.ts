/** Models by name, version and alias, wherever they lie. */
import { modelAlias, type ModelAlias } from '#contracts';
import { type AliasMove, aliasesAfter, versionsOfAlias } from './alias-history.js';
import { ModelNotFoundError } from './registry.errors.js';
import type { VersionFiles } from './version-files.js';

/** A model with all that is known of it but the bytes of its files. */
export interface ModelRecord {
  readonly name: string;
  /** Who registers its versions and moves its aliases. */
  readonly owner: 'platform' | 'team';
  /** By version, the newest last. */
  readonly versions: ReadonlyMap<string, VersionFiles>;
  /** The oldest first. */
  readonly moves: readonly AliasMove[];
}

/** What a caller means by a model: the default of those that fit, or one, at a version or an alias. */
export type ModelReference =
  | { readonly kind: 'auto' }
  | { readonly kind: 'named'; readonly name: string; readonly at: string | null };

const ALIASES: readonly string[] = modelAlias.options;

/** `auto`, `name`, `name@version`, `name@v1.0.0` or `name@alias`. */
export function parseReference(text: string): ModelReference {
  if (text === 'auto') return { kind: 'auto' };
  const [name, at = null, ...rest] = text.split('@');
  if (rest.length > 0 || name === '' || at === '') throw new ModelNotFoundError(text);
  return { kind: 'named', name, at: at && plainVersion(at) };
}

/** Without the v that some write before a version. */
export const plainVersion = (version: string) => version.replace(/^v(?=\d)/, '');

/**
 * The version that `at` means: a version, an alias, or null for the champion, and for the latest
 * where no champion was chosen yet. null: there is none.
 */
export function versionAt(model: ModelRecord, at: string | null): VersionFiles | null {
  const aliases = aliasesAfter(model.moves);
  const isAlias = at !== null && ALIASES.includes(at);
  const version = isAlias
    ? aliases.get(at as ModelAlias)
    : ((at && plainVersion(at)) ?? aliases.get('champion') ?? aliases.get('latest'));
  return (version !== undefined && model.versions.get(version)) || null;
}

/**
 * What `at` means, the best first: an alias falls back to what it stood for before; a version that is
 * named is the only one that will do. null: there is none.
 */
export function versionsThatMayServe(
  model: ModelRecord,
  at: string | null,
): readonly VersionFiles[] | null {
  const wanted = versionAt(model, at);
  if (!wanted) return null;
  if (at !== null && model.versions.has(at)) return [wanted];
  const alias = at ?? (aliasesAfter(model.moves).has('champion') ? 'champion' : 'latest');
  const earlier = versionsOfAlias(model.moves, alias as ModelAlias)
    .map((version) => model.versions.get(version))
    .filter((version) => version !== undefined);
  return [...new Set([wanted, ...earlier])];
}

/** Semantic Versioning 2.0.0, section 11. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map(partsOf);
  for (let i = 0; i < 3; i++) {
    if (left.core[i] !== right.core[i]) return left.core[i] - right.core[i];
  }
  if (left.label.length === 0 || right.label.length === 0) {
    return right.label.length - left.label.length; // one without a label comes after
  }
  for (let i = 0; i < Math.min(left.label.length, right.label.length); i++) {
    const order = compareLabels(left.label[i], right.label[i]);
    if (order !== 0) return order;
  }
  return left.label.length - right.label.length;
}

function partsOf(version: string): { core: number[]; label: string[] } {
  const dash = version.indexOf('-');
  const [core, label] =
    dash < 0 ? [version, ''] : [version.slice(0, dash), version.slice(dash + 1)];
  return { core: core.split('.').map(Number), label: label === '' ? [] : label.split('.') };
}

function compareLabels(a: string, b: string): number {
  const [isNumber, otherIsNumber] = [a, b].map((label) => /^\d+$/.test(label));
  if (isNumber && otherIsNumber) return Number(a) - Number(b);
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1; // numbers come before words
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The versions of a model as a map, the newest last. */
export function versionsInOrder(versions: readonly VersionFiles[]): Map<string, VersionFiles> {
  const sorted = [...versions].sort((a, b) =>
    compareVersions(a.metadata.version, b.metadata.version),
  );
  return new Map(sorted.map((each) => [each.metadata.version, each]));
}
