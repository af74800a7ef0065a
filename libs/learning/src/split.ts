/**
 * Which rows are learnt from and which are held out.
 *
 * Pure: no I/O, no clock; randomness is passed in. N is rows.
 */
import type { Random } from '#transit';

/** Rows as whoever splits them sees them. */
export interface SplitBy {
  readonly rows: number;
  /** (N,) classes whose shares every part keeps, as far as whole rows can. */
  readonly strata?: ArrayLike<number>;
  /** (N,) rows of one group stay together; goes before `strata`. */
  readonly groups?: ArrayLike<number>;
}

export interface Parts {
  /** Ascending. */
  readonly train: Int32Array;
  /** Ascending. */
  readonly held: Int32Array;
}

/** @param share of the rows held out; of a group-wise split, as near as whole groups come */
export function holdOut(by: SplitBy, share: number, random: Random): Parts {
  const held = new Uint8Array(by.rows);
  for (const units of shuffledStrata(by, random)) {
    const wanted = share * units.reduce((sum, rows) => sum + rows.length, 0);
    let taken = 0;
    for (const rows of units) {
      // The unit that crosses the border is taken where that comes nearer to it.
      if (taken > 0 && taken + rows.length / 2 > wanted) break;
      taken += rows.length;
      for (const row of rows) held[row] = 1;
    }
  }
  return partsOf(held, 1);
}

/** Each row is held out in exactly one of `folds`. */
export function kFolds(by: SplitBy, folds: number, random: Random): Parts[] {
  const fold = new Uint8Array(by.rows);
  const sizes = new Int32Array(folds);
  for (const units of shuffledStrata(by, random)) {
    for (const rows of units) {
      let smallest = 0;
      for (let k = 1; k < folds; k++) if (sizes[k] < sizes[smallest]) smallest = k;
      sizes[smallest] += rows.length;
      for (const row of rows) fold[row] = smallest;
    }
  }
  return Array.from({ length: folds }, (_, k) => partsOf(fold, k));
}

/** By stratum: what may not be divided, shuffled. */
function shuffledStrata({ rows, strata, groups }: SplitBy, random: Random): number[][][] {
  const units = groups ? [...collected(rows, groups).values()] : null;
  const all = units
    ? [units]
    : [...collected(rows, strata ?? new Uint8Array(rows)).values()].map((members) =>
        members.map((row) => [row]),
      );
  for (const stratum of all) shuffle(stratum, random);
  return all;
}

function collected(rows: number, keys: ArrayLike<number>): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const list = members.get(keys[row]);
    if (list) list.push(row);
    else members.set(keys[row], [row]);
  }
  return members;
}

/** Fisher & Yates. */
export function shuffle<T>(items: T[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
}

function partsOf(part: Uint8Array, held: number): Parts {
  const rows = Array.from(part, (_, row) => row);
  return {
    train: Int32Array.from(rows.filter((row) => part[row] !== held)),
    held: Int32Array.from(rows.filter((row) => part[row] === held)),
  };
}
