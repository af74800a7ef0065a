/**
 * The fast fold of ../src/fold.ts in AssemblyScript, eight 16-bit lanes at a time. What it computes,
 * and the papers, are described there and in ../src/fold.reference.ts, which gives the same integers.
 *
 * Rows lie `stride` bytes apart and carry one vector of wrapped copies behind their last column, so
 * that no loop needs a tail: a drifted row is read straight on past its end. Two neighbouring output
 * rows mostly share the pair of rows they are made of; they are then made in one pass, three loads
 * for two sums.
 *
 * Short rows are mostly what each row costs beside its vectors. Where there are many of them, they are
 * eight blocks of equally many rows, a lane of a vector each: one row of all blocks is added at once,
 * a column by a vector, until the blocks are done and their rows are laid out to be added to each other.
 *
 * Memory is the caller's: `series`, `scratch` and `maxima` are byte addresses. No allocation.
 * The small functions here are inlined by the optimiser.
 */
import { at, LANES, turn, VECTOR } from './vectors';

export { foldColumns } from './fold-columns';
export { toSteps } from './steps';

const LARGEST_LEAF: i32 = 4;
const MANY_ROWS: i32 = 128;
const WIDEST_IN_BLOCKS: i32 = 96;

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
    const rows = rowsOf(samples, base);
    const to = maxima + ((<usize>written) << 1);
    if (rows <= LARGEST_LEAF) foldLeaf(series, base, rows, to);
    else foldByButterfly(series, base, rows, scratch, to);
    written += rows - 1;
  }
  return written;
}

function rowsOf(samples: i32, base: i32): i32 {
  const rows = max(2, (samples + base - 1) / base);
  return areBlocks(rows, base) ? (rows + LANES - 1) & -LANES : rows;
}

function areBlocks(rows: i32, base: i32): bool {
  return rows >= MANY_ROWS && base <= WIDEST_IN_BLOCKS;
}

/** From the next column on: the offset is part of the instruction, an address would be one more. */
function behind<Column>(address: usize): v128 {
  return v128.load(address, sizeof<Column>());
}

function twoBehind<Column>(address: usize): v128 {
  return v128.load(address, 2 * sizeof<Column>());
}

function threeBehind<Column>(address: usize): v128 {
  return v128.load(address, 3 * sizeof<Column>());
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

function bytesOf<Column>(columns: i32): usize {
  return <usize>columns * sizeof<Column>();
}

/** Bytes of so many columns, whole vectors. */
function wholeVectors<Column>(columns: i32): usize {
  return columns <= 0 ? 0 : (bytesOf<Column>(columns) + VECTOR - 1) & -VECTOR;
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
  const stride = wholeVectors<i16>(base) + VECTOR;
  const head = rows >> 1;
  const tail = rows - head;
  const lower = scratch + <usize>head * stride;
  const spare = scratch + <usize>(rows + 1) * stride;
  let ready = 0;
  if (areBlocks(rows, base)) {
    ready = rows / LANES;
    transformBlocks(series, base, stride, ready, scratch, spare);
  }
  transform<i16>(series, base, stride, head, scratch, spare, 0, ready);
  transform<i16>(
    series + bytesOf<i16>(head * base),
    base,
    stride,
    tail,
    lower,
    spare + <usize>head * stride,
    0,
    ready,
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
  let gone = 0; // columns of whole turns
  let row = 0;
  const end = rows - 1;
  while (row < end) {
    const x = scratch + <usize>a * stride;
    const y = lower + <usize>b * stride;
    if (row - b - gone >= base) gone += base;
    const shift = row - b - gone;
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

/** All drifts of eight blocks of so many rows, each in a lane of its own, written to `to` as rows. */
function transformBlocks(
  series: usize,
  base: i32,
  stride: usize,
  rows: i32,
  to: usize,
  spare: usize,
): void {
  const block = bytesOf<i16>(rows * base);
  const row = bytesOf<v128>(base);
  transform<v128>(series, base, row, rows, spare, to, block, 0);
  const last = bytesOf<i16>(base);
  const next = <usize>rows * stride;
  for (let s = 0; s < rows; s++) {
    const x = spare + <usize>s * row;
    const z = to + <usize>s * stride;
    for (let j: usize = 0; j < last; j += VECTOR) turn(x + j * LANES, VECTOR, z + j, next);
    let copies = z;
    for (let lane = 0; lane < LANES; lane++, copies += next) {
      v128.store(copies + last, at(copies));
    }
  }
}

/**
 * All drifts of the rows that begin at `series`, written to `to`; `spare` is as large. A column is one
 * sample, or a vector with one of each of eight blocks that lie `block` bytes apart. Where `ready` rows
 * are asked for, they are in `to` already.
 */
function transform<Column>(
  series: usize,
  base: i32,
  stride: usize,
  rows: i32,
  to: usize,
  spare: usize,
  block: usize,
  ready: i32,
): void {
  if (rows === ready) return;
  if (rows <= LARGEST_LEAF) {
    if (isVector<Column>()) {
      const end = bytesOf<i16>(rows * base + rows);
      for (let j: usize = 0; j < end; j += VECTOR)
        turn(series + j, block, spare + j * LANES, VECTOR);
      writeLeaf<Column>(spare, base, stride, rows, to);
    } else {
      writeLeaf<Column>(series, base, stride, rows, to);
    }
    return;
  }
  const head = rows >> 1;
  const tail = rows - head;
  const headBytes = <usize>head * stride;
  const lower = spare + headBytes;
  transform<Column>(series, base, stride, head, spare, to, block, ready);
  transform<Column>(
    series + bytesOf<i16>(head * base),
    base,
    stride,
    tail,
    lower,
    to + headBytes,
    block,
    ready,
  );
  const whole = 2 * (rows - 1);
  const stepA = 2 * (head - 1);
  const stepB = 2 * (tail - 1);
  let restA = rows - 1;
  let restB = rows - 1;
  let a = 0;
  let b = 0;
  let gone = 0; // columns of whole turns
  let row = 0;
  while (row < rows) {
    const x = spare + <usize>a * stride;
    const y = lower + <usize>b * stride;
    const z = to + <usize>row * stride;
    if (row - b - gone >= base) gone += base;
    const shift = row - b - gone;
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
      addTwice<Column>(x, y, z, shift, base, stride);
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
      addRows<Column>(x, y, z, shift, base, stride);
      row++;
    }
    a = nextA;
    b = nextB;
  }
}

/** All drifts of one to four rows of the series, read on in time past the last column. */
function writeLeaf<Column>(series: usize, base: i32, stride: usize, rows: i32, to: usize): void {
  const row = bytesOf<Column>(base);
  const q1 = series + row;
  const q2 = q1 + row;
  const q3 = q2 + row;
  const end = wholeVectors<Column>(base);
  if (rows === 1) {
    for (let j: usize = 0; j < end; j += VECTOR) v128.store(to + j, at(series + j));
  } else if (rows === 2) {
    for (let j: usize = 0; j < end; j += VECTOR) {
      const a = at(series + j);
      v128.store(to + j, add(a, at(q1 + j)));
      v128.store(to + stride + j, add(a, behind<Column>(q1 + j)));
    }
  } else if (rows === 3) {
    for (let j: usize = 0; j < end; j += VECTOR) {
      const a = at(series + j);
      const b = at(q1 + j);
      const c1 = behind<Column>(q2 + j);
      v128.store(to + j, add(a, add(b, at(q2 + j))));
      v128.store(to + stride + j, add(a, add(b, c1)));
      v128.store(
        to + 2 * stride + j,
        add(a, add(behind<Column>(q1 + j), twoBehind<Column>(q2 + j))),
      );
    }
  } else {
    for (let j: usize = 0; j < end; j += VECTOR) {
      const a = at(series + j);
      const ab = add(a, at(q1 + j));
      const ab1 = add(a, behind<Column>(q1 + j));
      const c1 = behind<Column>(q2 + j);
      const d2 = twoBehind<Column>(q3 + j);
      v128.store(to + j, add(ab, add(at(q2 + j), at(q3 + j))));
      v128.store(to + stride + j, add(ab, add(c1, behind<Column>(q3 + j))));
      v128.store(to + 2 * stride + j, add(ab1, add(c1, d2)));
      v128.store(
        to + 3 * stride + j,
        add(ab1, add(twoBehind<Column>(q2 + j), threeBehind<Column>(q3 + j))),
      );
    }
  }
  if (!isVector<Column>()) {
    for (let s = 0; s < rows; s++, to += stride) v128.store(to + row, at(to));
  }
}

/** z = x + y, y drifted by `shift` columns and gone around; the copies behind the end included. */
function addRows<Column>(x: usize, y: usize, z: usize, shift: i32, base: i32, stride: usize): void {
  const wrap = min(wholeVectors<Column>(base - shift), stride);
  let j: usize = 0;
  let ahead = y + bytesOf<Column>(shift);
  for (; j < wrap; j += VECTOR) v128.store(z + j, add(at(x + j), at(ahead + j)));
  ahead -= bytesOf<Column>(base);
  for (; j < stride; j += VECTOR) v128.store(z + j, add(at(x + j), at(ahead + j)));
}

/** The same for `shift` into z and for `shift` + 1 into the row behind it. */
function addTwice<Column>(
  x: usize,
  y: usize,
  z: usize,
  shift: i32,
  base: i32,
  stride: usize,
): void {
  const wrapNext = wholeVectors<Column>(base - shift - 1);
  const wrap = wholeVectors<Column>(base - shift);
  const around = bytesOf<Column>(base);
  const next = z + stride;
  let j: usize = 0;
  let ahead = y + bytesOf<Column>(shift);
  for (; j < wrapNext; j += VECTOR) {
    const a = at(x + j);
    v128.store(z + j, add(a, at(ahead + j)));
    v128.store(next + j, add(a, behind<Column>(ahead + j)));
  }
  if (wrap > wrapNext) {
    const a = at(x + j);
    v128.store(z + j, add(a, at(ahead + j)));
    v128.store(next + j, add(a, behind<Column>(ahead - around + j)));
    j += VECTOR;
  }
  ahead -= around;
  for (; j < stride; j += VECTOR) {
    const a = at(x + j);
    v128.store(z + j, add(a, at(ahead + j)));
    v128.store(next + j, add(a, behind<Column>(ahead + j)));
  }
}

function largestSum(x: usize, y: usize, shift: i32, base: i32): i16 {
  const end = wholeVectors<i16>(base);
  const wrap = min(wholeVectors<i16>(base - shift), end);
  let j: usize = 0;
  let ahead = y + bytesOf<i16>(shift);
  let best = lowest();
  for (; j < wrap; j += VECTOR) best = larger(best, add(at(x + j), at(ahead + j)));
  ahead -= bytesOf<i16>(base);
  for (; j < end; j += VECTOR) best = larger(best, add(at(x + j), at(ahead + j)));
  return largestLane(best);
}

/** The largest sums for `shift` and `shift` + 1. */
function largestSums(x: usize, y: usize, shift: i32, base: i32, to: usize): void {
  const end = wholeVectors<i16>(base);
  const wrapNext = wholeVectors<i16>(base - shift - 1);
  const wrap = wholeVectors<i16>(base - shift);
  const around = bytesOf<i16>(base);
  let j: usize = 0;
  let ahead = y + bytesOf<i16>(shift);
  let best = lowest();
  let bestNext = lowest();
  for (; j < wrapNext; j += VECTOR) {
    const a = at(x + j);
    best = larger(best, add(a, at(ahead + j)));
    bestNext = larger(bestNext, add(a, behind<i16>(ahead + j)));
  }
  if (wrap > wrapNext) {
    const a = at(x + j);
    best = larger(best, add(a, at(ahead + j)));
    bestNext = larger(bestNext, add(a, behind<i16>(ahead - around + j)));
    j += VECTOR;
  }
  ahead -= around;
  for (; j < end; j += VECTOR) {
    const a = at(x + j);
    best = larger(best, add(a, at(ahead + j)));
    bestNext = larger(bestNext, add(a, behind<i16>(ahead + j)));
  }
  store<i16>(to, largestLane(best));
  store<i16>(to + 2, largestLane(bestNext));
}
