/** Vectors of eight 16-bit lanes, and how eight of them change rows for columns. */
export const LANES: i32 = 8;
export const VECTOR: usize = 16;

export function at(address: usize): v128 {
  return v128.load(address);
}

/** Eight vectors, `fromStep` bytes apart, to eight of their lanes, `toStep` bytes apart. */
export function turn(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const a = at(from);
  const b = at((from += fromStep));
  const c = at((from += fromStep));
  const d = at((from += fromStep));
  const e = at((from += fromStep));
  const f = at((from += fromStep));
  const g = at((from += fromStep));
  const h = at(from + fromStep);
  const ab = low16(a, b);
  const cd = low16(c, d);
  const ef = low16(e, f);
  const gh = low16(g, h);
  storeTurned(low32(ab, cd), low32(ef, gh), to, toStep);
  to += 2 * toStep;
  storeTurned(high32(ab, cd), high32(ef, gh), to, toStep);
  to += 2 * toStep;
  const ab2 = high16(a, b);
  const cd2 = high16(c, d);
  const ef2 = high16(e, f);
  const gh2 = high16(g, h);
  storeTurned(low32(ab2, cd2), low32(ef2, gh2), to, toStep);
  to += 2 * toStep;
  storeTurned(high32(ab2, cd2), high32(ef2, gh2), to, toStep);
}

function storeTurned(abcd: v128, efgh: v128, to: usize, toStep: usize): void {
  v128.store(to, i64x2.shuffle(abcd, efgh, 0, 2));
  v128.store(to + toStep, i64x2.shuffle(abcd, efgh, 1, 3));
}

function low16(x: v128, y: v128): v128 {
  return i16x8.shuffle(x, y, 0, 8, 1, 9, 2, 10, 3, 11);
}

function high16(x: v128, y: v128): v128 {
  return i16x8.shuffle(x, y, 4, 12, 5, 13, 6, 14, 7, 15);
}

function low32(x: v128, y: v128): v128 {
  return i32x4.shuffle(x, y, 0, 4, 1, 5);
}

function high32(x: v128, y: v128): v128 {
  return i32x4.shuffle(x, y, 2, 6, 3, 7);
}
