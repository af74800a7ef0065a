/**
 * A sine through the points outside of the transits, at half, once and twice the period: a pulsating,
 * spotted or ellipsoidal star whose minima the search took for transits. SWEET of the Kepler DR25
 * Robovetter (Thompson et al. 2018, section A.3.2), on the curve before detrending. A star that turns at
 * another period has a part of its variation at every period, also at this one; the sine convicts only
 * where it is most of what the star does.
 */
import { lowerBound } from '../robust.js';
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

/** Slowest first. */
const RATIOS = [2, 1, 0.5] as const;
/** Longer than this, a few turns of a spotted star look like a sine in step (DR25's limit). */
const LONGEST_PERIOD_DAYS = 5;
const FEWEST_POINTS = 30;
/** Transits are cut out this wide, in durations. */
const CUT_DURATIONS = 1.5;

export function sinusoid(context: VettingContext): VettingTest {
  const test = 'sinusoid';
  const threshold = THRESHOLDS.sinusoidSigma;
  const { periodDays, fit } = context;
  if (!Number.isFinite(periodDays)) return notComputable(test, threshold, SINGLE_EVENT);
  if (periodDays > LONGEST_PERIOD_DAYS) {
    return notComputable(
      test,
      threshold,
      `At ${periodDays.toPrecision(3)} d a sine cannot be told from slow drift; ${LONGEST_PERIOD_DAYS} d is the longest tested.`,
    );
  }
  const outside = outOfTransit(context);
  if (outside.times.length < FEWEST_POINTS) {
    return notComputable(
      test,
      threshold,
      `${outside.times.length} points are left outside of the transits.`,
    );
  }
  const depth = 1e-6 * fit.depthPpm.value;
  const sines = fitSines(outside, periodDays);
  const strongest = sines.reduce((best, sine) => (sine.amplitude > best.amplitude ? sine : best));
  const share = strongest.amplitude / Math.max(1e-12, depth);
  const isSignificant = strongest.significance > threshold;
  const isInStep = strongest.explained > THRESHOLDS.sinusoidExplained;
  const isFail = isSignificant && isInStep && share > THRESHOLDS.sinusoidShare;
  const numbers = `a sine at ${strongest.ratio} P has ${percent(share)} of the depth, ${strongest.significance.toFixed(0)} sigma, and is ${percent(strongest.explained)} of the star's variation`;
  return {
    test,
    value: strongest.significance,
    threshold,
    verdict: verdictOf(isFail, isSignificant && isInStep && share > THRESHOLDS.sinusoidShareWarn),
    message: isFail
      ? `The star varies in step with the signal: ${numbers}.`
      : `The star does not vary enough in step with the signal: ${numbers}.`,
  };
}

/** (M,) times and fluxes of the raw curve outside of the transits. */
function outOfTransit(context: VettingContext): Outside {
  const { periodDays, t0Days, durationDays } = context;
  const raw = context.raw();
  const half = 0.5 * CUT_DURATIONS * durationDays;
  const times = new Float64Array(raw.timeDays.length);
  const values = new Float64Array(raw.timeDays.length);
  let count = 0;
  for (let i = 0; i < times.length; i++) {
    const cycles = (raw.timeDays[i] - t0Days) / periodDays;
    if (Math.abs(cycles - Math.round(cycles)) * periodDays <= half) continue;
    times[count] = raw.timeDays[i];
    values[count] = raw.flux[i];
    count++;
  }
  return { times: times.subarray(0, count), values: values.subarray(0, count) };
}

interface Outside {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/**
 * Amplitude and significance of the sine at each ratio of the period. Each stretch of four periods
 * has its own mean and slope, so that drift slower than the sine is not taken for it; the noise is the scatter
 * from point to point. Double angles give the faster sines from the slowest.
 */
function fitSines({ times, values }: Outside, periodDays: number) {
  const n = times.length;
  let steps = 0;
  for (let j = 1; j < n; j++) steps += (values[j] - values[j - 1]) ** 2;
  const white = steps / (2 * (n - 1));
  const error = Math.sqrt((2 * white) / n);

  const cosine = new Float64Array(n);
  const sine = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const cycles = times[j] / (2 * periodDays);
    const angle = 2 * Math.PI * (cycles - Math.floor(cycles));
    cosine[j] = Math.cos(angle);
    sine[j] = Math.sin(angle);
  }
  return RATIOS.map((ratio) => {
    const { amplitude, variance } = amplitudeOf(
      times,
      values,
      cosine,
      sine,
      4 * ratio * periodDays,
    );
    // What the star does beyond noise: of that, the sine may be all or a leak of another period.
    const own = Math.max(variance - white, 0.5 * amplitude * amplitude);
    const explained = own > 0 ? (0.5 * amplitude * amplitude) / own : 0;
    for (let j = 0; j < n; j++) {
      const twice = 2 * sine[j] * cosine[j];
      cosine[j] = cosine[j] * cosine[j] - sine[j] * sine[j];
      sine[j] = twice;
    }
    return { ratio, amplitude, explained, significance: error > 0 ? amplitude / error : 0 };
  });
}

function amplitudeOf(
  times: Float64Array,
  values: Float64Array,
  cosine: Float64Array,
  sine: Float64Array,
  stretchDays: number,
): { amplitude: number; variance: number } {
  let [cc, cs, ss, cy, sy, yy] = [0, 0, 0, 0, 0, 0];
  for (let from = 0; from < times.length;) {
    const to = Math.max(from + 1, lowerBound(times, times[from] + stretchDays));
    const count = to - from;
    const middle = 0.5 * (times[from] + times[to - 1]);
    // Values near 0 keep the digits that the differences of sums below need.
    const level = values[from];
    let [c, s, y, t, tt, tc, ts, ty] = [0, 0, 0, 0, 0, 0, 0, 0];
    let [ownCc, ownCs, ownSs, ownCy, ownSy, ownYy] = [0, 0, 0, 0, 0, 0];
    for (let j = from; j < to; j++) {
      const value = values[j] - level;
      const time = times[j] - middle;
      c += cosine[j];
      s += sine[j];
      y += value;
      t += time;
      tt += time * time;
      tc += time * cosine[j];
      ts += time * sine[j];
      ty += time * value;
      ownCc += cosine[j] * cosine[j];
      ownCs += cosine[j] * sine[j];
      ownSs += sine[j] * sine[j];
      ownCy += cosine[j] * value;
      ownSy += sine[j] * value;
      ownYy += value * value;
    }
    // Without the stretch's own mean and slope (Frisch & Waugh 1933).
    const slopes = tt - (t * t) / count;
    const [slopeC, slopeS, slopeY] = [
      tc - (t * c) / count,
      ts - (t * s) / count,
      ty - (t * y) / count,
    ];
    const perSlope = slopes > 0 ? 1 / slopes : 0;
    cc += ownCc - (c * c) / count - slopeC * slopeC * perSlope;
    cs += ownCs - (c * s) / count - slopeC * slopeS * perSlope;
    ss += ownSs - (s * s) / count - slopeS * slopeS * perSlope;
    cy += ownCy - (c * y) / count - slopeC * slopeY * perSlope;
    sy += ownSy - (s * y) / count - slopeS * slopeY * perSlope;
    yy += ownYy - (y * y) / count - slopeY * slopeY * perSlope;
    from = to;
  }
  const variance = yy / Math.max(1, times.length);
  const determinant = cc * ss - cs * cs;
  if (!(determinant > 1e-9 * cc * ss)) return { amplitude: 0, variance };
  const amplitude = Math.hypot(
    (cy * ss - sy * cs) / determinant,
    (sy * cc - cy * cs) / determinant,
  );
  return { amplitude, variance };
}
