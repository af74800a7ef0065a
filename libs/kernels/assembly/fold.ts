/**
 * The fast fold of ../src/fold.ts in AssemblyScript, eight 16-bit lanes at a time. What it computes,
 * and the papers, are described there and in ../src/fold.reference.ts, which gives the same integers.
 *
 * Rows lie `stride` bytes apart and carry one vector of wrapped copies behind their last column, so
 * that no loop needs a tail: a drifted row is read straight on past its end. Two neighbouring output
 * rows mostly share the pair of rows they are made of; they are then made in one pass, three loads
 * for two sums.
 *
 * Memory is the caller's: `series`, `scratch` and `maxima` are byte addresses. No allocation.
 * The small functions here are inlined by the optimiser.
 */
const LANES: i32 = 8;
const VECTOR: usize = 16;
const LARGEST_LEAF: i32 = 4;

export function foldRange(
  series: usize,
  samples: i32,
  firstBase: i32,
  endBase: i32,
  scratch: usize,
  maxima: usize,
): i32 {
  let written = 0;
  for (let base = firstBase; base < endBase; base++) {
    const rows = max(2, (samples + base - 1) / base);
    const to = maxima + ((<usize>written) << 1);
    if (rows <= LARGEST_LEAF) foldLeaf(series, base, rows, to);
    else foldByButterfly(series, base, rows, scratch, to);
    written += rows - 1;
  }
  return written;
}

function at(address: usize): v128 {
  return v128.load(address);
}

/** From the next column on: the offset is part of the instruction, an address would be one more. */
function behind(address: usize): v128 {
  return v128.load(address, 2);
}

function add(x: v128, y: v128): v128 {
  return i16x8.add_sat_s(x, y);
}

function larger(x: v128, y: v128): v128 {
  return i16x8.max_s(x, y);
}

function lowest(): v128 {
  return i16x8.splat(-32768);
}

function largestLane(x: v128): i16 {
  let v = larger(x, i16x8.shuffle(x, x, 4, 5, 6, 7, 0, 1, 2, 3));
  v = larger(v, i16x8.shuffle(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
  v = larger(v, i16x8.shuffle(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
  return i16x8.extract_lane_s(v, 0);
}

/** Bytes of so many columns, whole vectors. */
function wholeVectors(columns: i32): usize {
  return columns <= 0 ? 0 : (<usize>((columns + LANES - 1) / LANES)) << 4;
}

/** Maxima of two to four rows, straight from the series; lanes past the last column do not count. */
function foldLeaf(series: usize, base: i32, rows: i32, to: usize): void {
  const row = (<usize>base) << 1;
  const q1 = series + row;
  const q2 = q1 + row;
  const q3 = q2 + row;
  const full = (<usize>(base / LANES)) << 4;
  let best0 = lowest();
  let best1 = lowest();
  let best2 = lowest();
  // The last vector begins where it ends with the last column; columns seen twice change no maximum.
  let j: usize = 0;
  for (;;) {
    const a = at(series + j);
    if (rows === 2) {
      best0 = larger(best0, add(a, at(q1 + j)));
    } else if (rows === 3) {
      best0 = larger(best0, add(a, add(at(q1 + j), at(q2 + j))));
      best1 = larger(best1, add(a, add(at(q1 + j), at(q2 + 2 + j))));
    } else {
      const ab = add(a, at(q1 + j));
      const c1 = at(q2 + 2 + j);
      best0 = larger(best0, add(ab, add(at(q2 + j), at(q3 + j))));
      best1 = larger(best1, add(ab, add(c1, at(q3 + 2 + j))));
      best2 = larger(best2, add(add(a, at(q1 + 2 + j)), add(c1, at(q3 + 4 + j))));
    }
    if (j + VECTOR >= row) break;
    j += VECTOR;
    if (j >= full) j = row - VECTOR;
  }
  store<i16>(to, largestLane(best0));
  if (rows > 2) store<i16>(to + 2, largestLane(best1));
  if (rows > 3) store<i16>(to + 4, largestLane(best2));
}

function foldByButterfly(series: usize, base: i32, rows: i32, scratch: usize, maxima: usize): void {
  const stride = wholeVectors(base) + VECTOR;
  const head = rows >> 1;
  const tail = rows - head;
  const lower = scratch + <usize>head * stride;
  const spare = scratch + <usize>(rows + 1) * stride;
  transform(series, base, stride, head, scratch, spare);
  transform(
    series + ((<usize>(head * base)) << 1),
    base,
    stride,
    tail,
    lower,
    spare + <usize>head * stride,
  );
  // a and b are row · part / whole to the nearest integer, counted on from row to row. The same walk
  // stands in `transform`: as one function for both it takes 4 to 13 % more time.
  const whole = 2 * (rows - 1);
  const stepA = 2 * (head - 1);
  const stepB = 2 * (tail - 1);
  let restA = rows - 1;
  let restB = rows - 1;
  let a = 0;
  let b = 0;
  let row = 0;
  const end = rows - 1;
  while (row < end) {
    const x = scratch + <usize>a * stride;
    const y = lower + <usize>b * stride;
    let shift = row - b;
    while (shift >= base) shift -= base;
    let nextA = a;
    let nextB = b;
    restA += stepA;
    if (restA >= whole) {
      restA -= whole;
      nextA++;
    }
    restB += stepB;
    if (restB >= whole) {
      restB -= whole;
      nextB++;
    }
    if (nextA === a && nextB === b && row + 1 < end && shift + 1 < base) {
      largestSums(x, y, shift, base, maxima + ((<usize>row) << 1));
      restA += stepA;
      if (restA >= whole) {
        restA -= whole;
        nextA++;
      }
      restB += stepB;
      if (restB >= whole) {
        restB -= whole;
        nextB++;
      }
      row += 2;
    } else {
      store<i16>(maxima + ((<usize>row) << 1), largestSum(x, y, shift, base));
      row++;
    }
    a = nextA;
    b = nextB;
  }
}

/** All drifts of the rows that begin at `series`, written to `to`; `spare` is as large. */
function transform(
  series: usize,
  base: i32,
  stride: usize,
  rows: i32,
  to: usize,
  spare: usize,
): void {
  if (rows <= LARGEST_LEAF) {
    writeLeaf(series, base, stride, rows, to);
    return;
  }
  const head = rows >> 1;
  const tail = rows - head;
  const headBytes = <usize>head * stride;
  const lower = spare + headBytes;
  transform(series, base, stride, head, spare, to);
  transform(series + ((<usize>(head * base)) << 1), base, stride, tail, lower, to + headBytes);
  const whole = 2 * (rows - 1);
  const stepA = 2 * (head - 1);
  const stepB = 2 * (tail - 1);
  let restA = rows - 1;
  let restB = rows - 1;
  let a = 0;
  let b = 0;
  let row = 0;
  while (row < rows) {
    const x = spare + <usize>a * stride;
    const y = lower + <usize>b * stride;
    const z = to + <usize>row * stride;
    let shift = row - b;
    while (shift >= base) shift -= base;
    let nextA = a;
    let nextB = b;
    restA += stepA;
    if (restA >= whole) {
      restA -= whole;
      nextA++;
    }
    restB += stepB;
    if (restB >= whole) {
      restB -= whole;
      nextB++;
    }
    if (nextA === a && nextB === b && row + 1 < rows && shift + 1 < base) {
      addTwice(x, y, z, shift, base, stride);
      restA += stepA;
      if (restA >= whole) {
        restA -= whole;
        nextA++;
      }
      restB += stepB;
      if (restB >= whole) {
        restB -= whole;
        nextB++;
      }
      row += 2;
    } else {
      addRows(x, y, z, shift, base, stride);
      row++;
    }
    a = nextA;
    b = nextB;
  }
}

/** All drifts of one to four rows of the series, read on in time past the last column. */
function writeLeaf(series: usize, base: i32, stride: usize, rows: i32, to: usize): void {
  const row = (<usize>base) << 1;
  const q1 = series + row;
  const q2 = q1 + row;
  const q3 = q2 + row;
  const end = wholeVectors(base);
  if (rows === 1) {
    for (let j: usize = 0; j < end; j += VECTOR) v128.store(to + j, at(series + j));
  } else if (rows === 2) {
    for (let j: usize = 0; j < end; j += VECTOR) {
      const a = at(series + j);
      v128.store(to + j, add(a, at(q1 + j)));
      v128.store(to + stride + j, add(a, at(q1 + 2 + j)));
    }
  } else if (rows === 3) {
    for (let j: usize = 0; j < end; j += VECTOR) {
      const a = at(series + j);
      const b = at(q1 + j);
      const c1 = at(q2 + 2 + j);
      v128.store(to + j, add(a, add(b, at(q2 + j))));
      v128.store(to + stride + j, add(a, add(b, c1)));
      v128.store(to + 2 * stride + j, add(a, add(at(q1 + 2 + j), at(q2 + 4 + j))));
    }
  } else {
    for (let j: usize = 0; j < end; j += VECTOR) {
      const a = at(series + j);
      const ab = add(a, at(q1 + j));
      const ab1 = add(a, at(q1 + 2 + j));
      const c1 = at(q2 + 2 + j);
      const d2 = at(q3 + 4 + j);
      v128.store(to + j, add(ab, add(at(q2 + j), at(q3 + j))));
      v128.store(to + stride + j, add(ab, add(c1, at(q3 + 2 + j))));
      v128.store(to + 2 * stride + j, add(ab1, add(c1, d2)));
      v128.store(to + 3 * stride + j, add(ab1, add(at(q2 + 4 + j), at(q3 + 6 + j))));
    }
  }
  for (let s = 0; s < rows; s++, to += stride) v128.store(to + row, at(to));
}

/** z = x + y, y drifted by `shift` columns and gone around; the copies behind the end included. */
function addRows(x: usize, y: usize, z: usize, shift: i32, base: i32, stride: usize): void {
  const wrap = min(wholeVectors(base - shift), stride);
  let j: usize = 0;
  let ahead = y + ((<usize>shift) << 1);
  for (; j < wrap; j += VECTOR) v128.store(z + j, add(at(x + j), at(ahead + j)));
  ahead -= (<usize>base) << 1;
  for (; j < stride; j += VECTOR) v128.store(z + j, add(at(x + j), at(ahead + j)));
}

/** The same for `shift` into z and for `shift` + 1 into the row behind it. */
function addTwice(x: usize, y: usize, z: usize, shift: i32, base: i32, stride: usize): void {
  const wrapNext = wholeVectors(base - shift - 1);
  const wrap = wholeVectors(base - shift);
  const around = (<usize>base) << 1;
  const next = z + stride;
  let j: usize = 0;
  let ahead = y + ((<usize>shift) << 1);
  for (; j < wrapNext; j += VECTOR) {
    const a = at(x + j);
    v128.store(z + j, add(a, at(ahead + j)));
    v128.store(next + j, add(a, behind(ahead + j)));
  }
  if (wrap > wrapNext) {
    const a = at(x + j);
    v128.store(z + j, add(a, at(ahead + j)));
    v128.store(next + j, add(a, at(ahead + 2 - around + j)));
    j += VECTOR;
  }
  ahead -= around;
  for (; j < stride; j += VECTOR) {
    const a = at(x + j);
    v128.store(z + j, add(a, at(ahead + j)));
    v128.store(next + j, add(a, behind(ahead + j)));
  }
}

function largestSum(x: usize, y: usize, shift: i32, base: i32): i16 {
  const end = wholeVectors(base);
  const wrap = min(wholeVectors(base - shift), end);
  let j: usize = 0;
  let ahead = y + ((<usize>shift) << 1);
  let best = lowest();
  for (; j < wrap; j += VECTOR) best = larger(best, add(at(x + j), at(ahead + j)));
  ahead -= (<usize>base) << 1;
  for (; j < end; j += VECTOR) best = larger(best, add(at(x + j), at(ahead + j)));
  return largestLane(best);
}

/** The largest sums for `shift` and `shift` + 1. */
function largestSums(x: usize, y: usize, shift: i32, base: i32, to: usize): void {
  const end = wholeVectors(base);
  const wrapNext = wholeVectors(base - shift - 1);
  const wrap = wholeVectors(base - shift);
  const around = (<usize>base) << 1;
  let j: usize = 0;
  let ahead = y + ((<usize>shift) << 1);
  let best = lowest();
  let bestNext = lowest();
  for (; j < wrapNext; j += VECTOR) {
    const a = at(x + j);
    best = larger(best, add(a, at(ahead + j)));
    bestNext = larger(bestNext, add(a, behind(ahead + j)));
  }
  if (wrap > wrapNext) {
    const a = at(x + j);
    best = larger(best, add(a, at(ahead + j)));
    bestNext = larger(bestNext, add(a, at(ahead + 2 - around + j)));
    j += VECTOR;
  }
  ahead -= around;
  for (; j < end; j += VECTOR) {
    const a = at(x + j);
    best = larger(best, add(a, at(ahead + j)));
    bestNext = larger(bestNext, add(a, behind(ahead + j)));
  }
  store<i16>(to, largestLane(best));
  store<i16>(to + 2, largestLane(bestNext));
}

/**
 * Folds two series of 32-bit floats at one period, row by row to the nearest sample: columns of
 * `above` and `below` become the sums. Both series end in `columns` + 4 zeros, `columns` is whole
 * vectors of four.
 */
export function foldColumns(
  numerator: usize,
  denominator: usize,
  samples: i32,
  period: f64,
  columns: i32,
  above: usize,
  below: usize,
): void {
  const bytes = (<usize>columns) << 2;
  for (let j: usize = 0; j < bytes; j += VECTOR) {
    v128.store(above + j, v128.load(numerator + j));
    v128.store(below + j, v128.load(denominator + j));
  }
  for (let row = 1; ; row++) {
    const offset = <i32>(<f64>row * period + 0.5);
    if (offset >= samples) break;
    const end = min(bytes, wholeFloats(samples - offset));
    const n = numerator + ((<usize>offset) << 2);
    const d = denominator + ((<usize>offset) << 2);
    for (let j: usize = 0; j < end; j += VECTOR) {
      v128.store(above + j, f32x4.add(v128.load(above + j), v128.load(n + j)));
      v128.store(below + j, f32x4.add(v128.load(below + j), v128.load(d + j)));
    }
  }
}

/** Bytes of so many floats, whole vectors. */
function wholeFloats(count: i32): usize {
  return (<usize>((count + 3) / 4)) << 4;
}
