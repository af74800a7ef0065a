/** From data to paper: linear, logarithmic, and linear with the empty stretches cut out. */

export interface Scale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  map(value: number): number;
  /** The same of many: a loop around `map` would put each number into an object of its own. */
  mapAll(values: Float64Array): Float64Array;
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A stretch of the axis without a break. */
export interface Stretch {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
}

export interface BrokenScale extends Scale {
  /** In order; one for an unbroken axis. */
  readonly stretches: readonly Stretch[];
}

type Pair = readonly [number, number];

/** An empty or non-finite domain becomes one of width 1 around what is known of it. */
function usable([low, high]: Pair): Pair {
  const from = Number.isFinite(low) ? low : Number.isFinite(high) ? high - 1 : 0;
  const to = Number.isFinite(high) ? high : from + 1;
  return to > from ? [from, to] : [from - 0.5, from + 0.5];
}

// Classes, not functions made anew with each scale: those would be compiled with each scale, too.

class LinearScale implements Scale {
  private readonly low: number;
  private readonly start: number;
  private readonly factor: number;

  constructor(
    readonly domain: Pair,
    readonly range: Pair,
  ) {
    this.low = domain[0];
    this.start = range[0];
    this.factor = (range[1] - range[0]) / (domain[1] - domain[0]);
  }

  map(value: number): number {
    return this.start + (value - this.low) * this.factor;
  }

  mapAll(values: Float64Array): Float64Array {
    const { low, start, factor } = this;
    const mapped = new Float64Array(values.length);
    for (let i = 0; i < mapped.length; i++) mapped[i] = start + (values[i] - low) * factor;
    return mapped;
  }
}

export function linearScale(domain: Pair, range: Pair): Scale {
  return new LinearScale(usable(domain), range);
}

class LogScale implements Scale {
  private readonly inner: Scale;

  constructor(
    readonly domain: Pair,
    readonly range: Pair,
  ) {
    this.inner = linearScale([Math.log(domain[0]), Math.log(domain[1])], range);
  }

  map(value: number): number {
    return this.inner.map(Math.log(value));
  }

  mapAll(values: Float64Array): Float64Array {
    return this.inner.mapAll(values.map(Math.log));
  }
}

/** @throws {RangeError} where the domain is not above zero. */
export function logScale(domain: Pair, range: Pair): Scale {
  if (!(domain[0] > 0)) throw new RangeError(`domain[0] must be > 0, not ${domain[0]}`);
  const [low, high] = domain;
  return new LogScale(high > low ? domain : [low / 2, low * 2], range);
}

/** First index from `from` on whose value lies outside. */
function endOfRun(values: Float64Array, from: number, [low, high]: Pair): number {
  let to = from;
  while (to < values.length && values[to] >= low && values[to] <= high) to++;
  return to;
}

class StretchedScale implements BrokenScale {
  readonly domain: Pair;
  private readonly scales: readonly Scale[];

  constructor(
    readonly stretches: readonly Stretch[],
    readonly range: Pair,
    private readonly gap: number,
  ) {
    this.domain = [stretches[0].domain[0], stretches[stretches.length - 1].domain[1]];
    this.scales = stretches.map((stretch) => linearScale(stretch.domain, stretch.range));
  }

  map(value: number): number {
    const { stretches } = this;
    let i = 0;
    while (i + 1 < stretches.length && value >= stretches[i + 1].domain[0]) i++;
    const end = stretches[i].domain[1];
    if (i + 1 === stretches.length || value <= end) return this.scales[i].map(value);
    return stretches[i].range[1] + (this.gap * (value - end)) / (stretches[i + 1].domain[0] - end);
  }

  /** Stretch by stretch, what lies in one in one go. */
  mapAll(values: Float64Array): Float64Array {
    const { stretches } = this;
    const mapped = new Float64Array(values.length);
    for (let from = 0; from < values.length;) {
      const within = stretches.findIndex(
        ({ domain: [low, high] }) => values[from] >= low && values[from] <= high,
      );
      if (within < 0) {
        mapped[from] = this.map(values[from]);
        from++;
        continue;
      }
      const to = endOfRun(values, from, stretches[within].domain);
      mapped.set(this.scales[within].mapAll(values.subarray(from, to)), from);
      from = to;
    }
    return mapped;
  }
}

/**
 * A time axis over the given stretches of data, in order, with `gap` of paper between two.
 * A time between two stretches falls on the paper between them.
 */
export function brokenScale(covered: readonly Pair[], range: Pair, gap: number): BrokenScale {
  const pieces = covered.length > 0 ? covered.map(usable) : [usable([NaN, NaN])];
  const total = pieces.reduce((sum, [from, to]) => sum + to - from, 0);
  const paper = range[1] - range[0] - gap * (pieces.length - 1);
  const stretches: Stretch[] = [];
  let x = range[0];
  for (const piece of pieces) {
    const width = (paper * (piece[1] - piece[0])) / total;
    stretches.push({ domain: piece, range: [x, x + width] });
    x += width + gap;
  }
  return new StretchedScale(stretches, range, gap);
}

/**
 * Where the data are: stretches between gaps worth cutting out, each `margin` of itself wider.
 * A gap is cut out when it is longer than two days and than a twentieth of the time with data.
 */
export function coveredStretches(timeDays: Float64Array, marginFraction = 0.01): Pair[] {
  if (timeDays.length === 0) return [];
  const gaps: { readonly index: number; readonly days: number }[] = [];
  let covered = timeDays[timeDays.length - 1] - timeDays[0];
  for (let i = 1; i < timeDays.length; i++) {
    const days = timeDays[i] - timeDays[i - 1];
    if (days > MIN_BREAK_DAYS) gaps.push({ index: i, days });
  }
  const breaks = new Set<number>();
  for (const gap of [...gaps].sort((a, b) => b.days - a.days)) {
    if (gap.days <= (covered - gap.days) * MIN_BREAK_FRACTION) break;
    covered -= gap.days;
    breaks.add(gap.index);
  }
  const stretches: Pair[] = [];
  const margin = Math.max(covered, MIN_BREAK_DAYS / 100) * marginFraction;
  let first = 0;
  for (let i = 1; i <= timeDays.length; i++) {
    if (i < timeDays.length && !breaks.has(i)) continue;
    stretches.push([timeDays[first] - margin, timeDays[i - 1] + margin]);
    first = i;
  }
  return stretches;
}

const MIN_BREAK_DAYS = 2;
const MIN_BREAK_FRACTION = 0.05;

/** The smallest 1, 2 or 5 times a power of ten that is not below `step`. */
export function niceStep(step: number): number {
  if (!(step > 0) || !Number.isFinite(step)) return 1;
  const power = 10 ** Math.floor(Math.log10(step));
  const mantissa = step / power;
  const nice =
    mantissa <= 1.0000001 ? 1 : mantissa <= 2.0000001 ? 2 : mantissa <= 5.0000001 ? 5 : 10;
  return nice * power;
}

/**
 * Multiples of a nice step inside the domain: about `count`, but three where a finer step gives
 * them, so that an axis can be read.
 */
export function linearTicks([low, high]: Pair, count: number, step?: number): Tick[] {
  if (step !== undefined) return multiples(low, high, step);
  let by = niceStep((high - low) / Math.max(count, 1));
  let ticks = multiples(low, high, by);
  for (let finer = 0; ticks.length < 3 && finer < 3; finer++) {
    by = niceStep(by / 2.5);
    ticks = multiples(low, high, by);
  }
  return ticks;
}

function multiples(low: number, high: number, step: number): Tick[] {
  let decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6) decimals++;
  const ticks: Tick[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    ticks.push({ value: k * step, label: fixed(k * step, decimals) });
  }
  return ticks;
}

/** 1, 2, 5 per decade where there is room for it, else 1; `minor` are the ones without label. */
export function logTicks([low, high]: Pair, count: number): { major: Tick[]; minor: number[] } {
  const major: Tick[] = [];
  const minor: number[] = [];
  const decades = Math.log10(high / low);
  if (decades < 0.5) return { major: linearTicks([low, high], count), minor };
  const mantissas = decades * 3 <= count ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / count));
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    for (let mantissa = 1; mantissa <= 9; mantissa++) {
      const value = Number(`${mantissa}e${power}`);
      if (value < low * 0.999999 || value > high * 1.000001) continue;
      if (mantissas.includes(mantissa) && power % every === 0) {
        major.push({ value, label: fixed(value, Math.max(0, -power)) });
      } else {
        minor.push(value);
      }
    }
  }
  return { major, minor };
}

/** With a real minus sign, and never "−0". */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}
