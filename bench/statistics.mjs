/**
 * The statistics of the benches: medians of interleaved rounds, and recall at equal false alarms.
 */

export function median(values) {
  if (values.length === 0) throw new RangeError('values must not be empty');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many times longer the peer took, round by round: the median of the rounds, and its spread. */
export function ratioOfRounds(peerSeconds, ourSeconds) {
  if (peerSeconds.length !== ourSeconds.length) {
    throw new RangeError(
      `peerSeconds and ourSeconds must be as long, not ${peerSeconds.length} and ${ourSeconds.length}`,
    );
  }
  const ratios = peerSeconds.map((seconds, round) => seconds / ourSeconds[round]);
  return { ratio: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/**
 * The value that just this share of the null statistics exceed: of 1,000 nulls and a rate of 1 %,
 * ten are above it. With fewer nulls than 1 / rate, none is.
 */
export function thresholdAt(nullStatistics, rate) {
  const allowed = Math.floor(rate * nullStatistics.length + 1e-9);
  const descending = [...nullStatistics].sort((a, b) => b - a);
  if (allowed >= descending.length) throw new RangeError(`rate must be below 1, not ${rate}`);
  return descending[allowed];
}

/** A period within this share of the true one is the true one. */
const PERIOD_TOLERANCE = 0.01;

export const isPeriodRight = (periodDays, trueDays) =>
  Math.abs(periodDays / trueDays - 1) <= PERIOD_TOLERANCE;

/** Above the threshold, at the right period. `answer` is { statistic, periodDays }. */
export const isRecovered = (answer, trueDays, threshold) =>
  answer.statistic > threshold && isPeriodRight(answer.periodDays, trueDays);

/** Share of true ones, and its binomial error. */
export function share(flags) {
  const value = flags.filter(Boolean).length / flags.length;
  return { value, error: Math.sqrt((value * (1 - value)) / flags.length) };
}

/** Of the same curves: how many only the first, how many only the second recovered. */
export function paired(first, second) {
  if (first.length !== second.length) {
    throw new RangeError(`both must be as long, not ${first.length} and ${second.length}`);
  }
  const gained = first.filter((flag, i) => flag && !second[i]).length;
  const lost = second.filter((flag, i) => flag && !first[i]).length;
  return { gained, lost };
}

const RESAMPLES = 400;

/**
 * Standard error of the difference of two methods' recall, the uncertainty of both thresholds
 * included: curves are drawn again with replacement, the same for both methods (Efron 1979).
 *
 * @param methods two of { nulls: number[], injected: { statistic, periodDays }[] }
 * @param random #transit's seededRandom
 */
export function differenceError(methods, trueDays, rate, random) {
  const draw = (n) => Array.from({ length: n }, () => random.integer(n));
  const differences = [];
  for (let k = 0; k < RESAMPLES; k++) {
    const nulls = draw(methods[0].nulls.length);
    const injected = draw(trueDays.length);
    const [first, second] = methods.map((method) => {
      const threshold = thresholdAt(
        nulls.map((i) => method.nulls[i]),
        rate,
      );
      return share(injected.map((i) => isRecovered(method.injected[i], trueDays[i], threshold)))
        .value;
    });
    differences.push(first - second);
  }
  const mean = differences.reduce((sum, value) => sum + value, 0) / RESAMPLES;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (RESAMPLES - 1));
}
