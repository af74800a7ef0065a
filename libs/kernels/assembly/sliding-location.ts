/**
 * The sliding location of ../src/sliding-location.ts in AssemblyScript, operation by operation as in its
 * plain twin (../src/sliding-location.reference.ts and ../src/sorted-window.reference.ts, which say what
 * is done and why): the same bits without the checks of array bounds.
 *
 * Memory is the caller's: all arrays are byte addresses. No allocation.
 */
const CUTOFF_MADS: f64 = 5;
const LEAST_SLOPE: f64 = 0.25;
const NEWTON_CONVERGED_MADS: f64 = 1e-3;
const CONVERGED_MADS: f64 = 1e-5;
const NEAR_MEDIAN_MADS: f64 = 0.5;
const MOST_ITERATIONS: i32 = 30;
const SMALLEST_REACH: f64 = 0.25;
const FARTHEST_CENTRE: f64 = 0.5;
const FEWEST_UPDATES: i32 = 64;

/** From here on the engine's own copying is faster than a loop of vectors. */
const LONG_MOVE: i32 = 512;

// The walk: one at a time, kept between calls of `slide`.
let timeDays: usize = 0;
let values: usize = 0;
let ignored: usize = 0;
let points: i32 = 0;
let windowDays: f64 = 0;
let entering: i32 = 0;
let leaving: i32 = 0;
let members: i32 = 0;
let sumDays: f64 = 0;

// The window.
let sorted: usize = 0;
let count: i32 = 0;
let low: i32 = 0;
let high: i32 = 0;
let sum1: f64 = 0;
let sum2: f64 = 0;
let sum3: f64 = 0;
let sum4: f64 = 0;
let sum5: f64 = 0;
let origin: f64 = 0;
let summedReach: f64 = Infinity;
let updatesLeft: i32 = 0;
let leftOfMad: i32 = 0;
let location: f64 = NaN;

/** A new walk with an empty window. `ignoredAt` is 0 where no point is ignored. */
export function begin(
  timeDaysAt: usize,
  valuesAt: usize,
  ignoredAt: usize,
  pointCount: i32,
  days: f64,
  sortedAt: usize,
): void {
  timeDays = timeDaysAt;
  values = valuesAt;
  ignored = ignoredAt;
  points = pointCount;
  windowDays = days;
  entering = 0;
  leaving = 0;
  members = 0;
  sumDays = 0;
  sorted = sortedAt;
  count = 0;
  low = 0;
  high = 0;
  clearSums();
  summedReach = Infinity;
  leftOfMad = 0;
  location = NaN;
}

/** On to the points `from` up to, not including, `until`, which follow those of the last call. */
export function slide(
  from: i32,
  until: i32,
  isBiweight: bool,
  locations: usize,
  meanDays: usize,
): void {
  const start = timeOf(0);
  for (let i = from; i < until; i++) {
    const first = timeOf(i) - windowDays / 2;
    const last = timeOf(i) + windowDays / 2;
    for (;;) {
      if (ignored != 0) {
        while (entering < points && load<u8>(ignored + <usize>entering)) entering++;
        while (leaving < points && load<u8>(ignored + <usize>leaving)) leaving++;
      }
      const enters = entering < points && timeOf(entering) <= last;
      const leaves = leaving < entering && timeOf(leaving) < first;
      if (!enters && !leaves) break;
      if (enters && leaves) replace(valueOf(leaving), valueOf(entering));
      else if (enters) insert(valueOf(entering));
      else remove(valueOf(leaving));
      if (enters) sumDays += timeOf(entering++) - start;
      if (leaves) sumDays -= timeOf(leaving++) - start;
      members += <i32>enters - <i32>leaves;
    }
    const at = (<usize>i) << 3;
    store<f64>(locations + at, isBiweight ? biweight() : median());
    store<f64>(meanDays + at, start + sumDays / <f64>members);
  }
}

function timeOf(i: i32): f64 {
  return load<f64>(timeDays + ((<usize>i) << 3));
}

function valueOf(i: i32): f64 {
  return load<f64>(values + ((<usize>i) << 3));
}

function sortedAt(i: i32): f64 {
  return load<f64>(sorted + ((<usize>i) << 3));
}

function put(i: i32, value: f64): void {
  store<f64>(sorted + ((<usize>i) << 3), value);
}

function insert(value: f64): void {
  const at = rank(value);
  moveUp(at, count - at);
  put(at, value);
  count++;
  noteInserted(at, value);
}

function remove(value: f64): void {
  const at = rank(value);
  moveDown(at + 1, count - at - 1);
  count--;
  noteRemoved(at, value);
}

function replace(value: f64, by: f64): void {
  const from = rank(value);
  const to = rank(by);
  noteRemoved(from, value);
  if (to > from) {
    moveDown(from + 1, to - from - 1);
    put(to - 1, by);
    noteInserted(to - 1, by);
  } else {
    moveUp(to, from - to);
    put(to, by);
    noteInserted(to, by);
  }
}

/** `length` values from `from` on, one place up. */
function moveUp(from: i32, length: i32): void {
  const address = sorted + ((<usize>from) << 3);
  if (length > LONG_MOVE) {
    memory.copy(address + 8, address, (<usize>length) << 3);
    return;
  }
  let at = address + ((<usize>length) << 3);
  while (at >= address + 32) {
    at -= 32;
    const near = v128.load(at);
    const far = v128.load(at, 16);
    v128.store(at, near, 8);
    v128.store(at, far, 24);
  }
  while (at > address) {
    at -= 8;
    store<f64>(at + 8, load<f64>(at));
  }
}

/** `length` values from `from` on, one place down. */
function moveDown(from: i32, length: i32): void {
  let at = sorted + ((<usize>from) << 3);
  if (length > LONG_MOVE) {
    memory.copy(at - 8, at, (<usize>length) << 3);
    return;
  }
  const end = at + ((<usize>length) << 3);
  while (at + 32 <= end) {
    const near = v128.load(at);
    const far = v128.load(at, 16);
    v128.store(at - 8, near);
    v128.store(at - 8, far, 16);
    at += 32;
  }
  while (at < end) {
    store<f64>(at - 8, load<f64>(at));
    at += 8;
  }
}

function median(): f64 {
  const middle = count >> 1;
  if (count == 0) return NaN;
  if (count & 1) return sortedAt(middle);
  return (sortedAt(middle - 1) + sortedAt(middle)) / 2;
}

function biweight(): f64 {
  const middle = median();
  const mad = deviation(middle);
  if (!(mad > 0)) return middle;
  let centre = abs(location - middle) < NEAR_MEDIAN_MADS * mad ? location : middle;
  const reach = CUTOFF_MADS * mad;
  const perReach2 = 1 / (reach * reach);
  if (
    updatesLeft <= 0 ||
    !(reach > SMALLEST_REACH * summedReach) ||
    abs(centre - origin) > FARTHEST_CENTRE * reach
  ) {
    sumAfresh(centre, reach);
  }
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    cover(centre - reach, centre + reach);
    const n = <f64>(high - low);
    const s = centre - origin;
    const p1 = sum1;
    const p2 = sum2;
    const p3 = sum3;
    const p4 = sum4;
    const p5 = sum5;
    const m1 = p1 - n * s;
    const m2 = p2 - s * (2 * p1 - n * s);
    const m3 = p3 - s * (3 * p2 - s * (3 * p1 - n * s));
    const m4 = p4 - s * (4 * p3 - s * (6 * p2 - s * (4 * p1 - n * s)));
    const m5 = p5 - s * (5 * p4 - s * (10 * p3 - s * (10 * p2 - s * (5 * p1 - n * s))));
    const sum = m1 - perReach2 * (2 * m3 - perReach2 * m5);
    const weights = n - perReach2 * (2 * m2 - perReach2 * m4);
    const slope = n - perReach2 * (6 * m2 - 5 * perReach2 * m4);
    const isSteep = slope > LEAST_SLOPE * weights;
    const step = sum / (isSteep ? slope : weights);
    centre += step;
    const converged = isSteep ? NEWTON_CONVERGED_MADS : CONVERGED_MADS;
    if (abs(step) < converged * mad || count < 3) break;
  }
  location = centre;
  return centre;
}

function deviation(centre: f64): f64 {
  const middle = count >> 1;
  const least = max(0, 2 * middle - count);
  let left = min(middle, max(least, leftOfMad));
  while (left < middle && isLeftSmaller(centre, middle, left)) left++;
  while (left > least && !isLeftSmaller(centre, middle, left - 1)) left--;
  leftOfMad = left;
  const upper = min(leftAt(centre, middle, left), rightAt(centre, middle, middle - left));
  if (count & 1) return upper;
  const lower = max(leftAt(centre, middle, left - 1), rightAt(centre, middle, middle - left - 1));
  return (lower + upper) / 2;
}

function isLeftSmaller(centre: f64, middle: i32, k: i32): bool {
  return centre - sortedAt(middle - 1 - k) < sortedAt(2 * middle - k - 1) - centre;
}

function leftAt(centre: f64, middle: i32, k: i32): f64 {
  if (k < 0) return -Infinity;
  return k < middle ? centre - sortedAt(middle - 1 - k) : Infinity;
}

function rightAt(centre: f64, middle: i32, k: i32): f64 {
  if (k < 0) return -Infinity;
  return k < count - middle ? sortedAt(middle + k) - centre : Infinity;
}

function cover(from: f64, to: f64): void {
  while (low < high && sortedAt(low) <= from) add(sortedAt(low++), -1);
  while (high > low && sortedAt(high - 1) >= to) add(sortedAt(--high), -1);
  while (low > 0 && sortedAt(low - 1) > from) add(sortedAt(--low), 1);
  while (high < count && sortedAt(high) < to) add(sortedAt(high++), 1);
}

function add(value: f64, sign: f64): void {
  const x = value - origin;
  const x2 = x * x;
  sum1 += sign * x;
  sum2 += sign * x2;
  sum3 += sign * x2 * x;
  sum4 += sign * x2 * x2;
  sum5 += sign * x2 * x2 * x;
  updatesLeft--;
}

function sumAfresh(centre: f64, reach: f64): void {
  origin = centre;
  summedReach = reach;
  clearSums();
  low = rank(centre);
  high = low;
  cover(centre - reach, centre + reach);
  updatesLeft = max(FEWEST_UPDATES, high - low);
}

function noteInserted(at: i32, value: f64): void {
  if (at <= low) {
    low++;
    high++;
  } else if (at < high) {
    high++;
    add(value, 1);
  }
}

function noteRemoved(at: i32, value: f64): void {
  if (at < low) {
    low--;
    high--;
  } else if (at < high) {
    high--;
    add(value, -1);
  }
}

function clearSums(): void {
  sum1 = 0;
  sum2 = 0;
  sum3 = 0;
  sum4 = 0;
  sum5 = 0;
}

/** How many values are below `value`. */
function rank(value: f64): i32 {
  let below = 0;
  for (let size = count; size > 0;) {
    const half = (size + 1) >> 1;
    below += half * <i32>(sortedAt(below + half - 1) < value);
    size -= half;
  }
  return below;
}
