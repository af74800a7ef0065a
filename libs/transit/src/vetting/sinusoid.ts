/**
 * A sine through the points outside of the transits, at half, once and twice the period: a pulsating,
 * spotted or ellipsoidal star whose minima the search took for transits. SWEET of the Kepler DR25
 * Robovetter (Thompson et al. 2018, section A.3.2), on the curve before detrending.
 */
import { lowerBound } from '../robust.js';
import type { LightCurve, VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

const RATIOS = [0.5, 1, 2] as const;
/** Longer than this, slow drift of any kind looks like a sine (DR25 tests P < 5 d; rotation ends near 50). */
const LONGEST_PERIOD_DAYS = 50;
const FEWEST_POINTS = 30;
/** Transits are cut out this wide, in durations. */
const CUT_DURATIONS = 1.5;

export function sinusoid(context: VettingContext): VettingTest {
  const test = 'sinusoid';
  const threshold = THRESHOLDS.sinusoidSigma;
  const { periodDays, raw, fit } = context;
  if (!Number.isFinite(periodDays)) return notComputable(test, threshold, SINGLE_EVENT);
  if (periodDays > LONGEST_PERIOD_DAYS) {
    return notComputable(
      test,
      threshold,
      `At ${periodDays.toPrecision(3)} d a sine cannot be told from slow drift; ${LONGEST_PERIOD_DAYS} d is the longest tested.`,
    );
  }
  const kept = outOfTransit(context);
  if (kept.length < FEWEST_POINTS) {
    return notComputable(
      test,
      threshold,
      `${kept.length} points are left outside of the transits.`,
    );
  }
  const depth = 1e-6 * fit.depthPpm.value;
  const sines = RATIOS.map((ratio) => ({ ratio, ...fitSine(raw, kept, ratio * periodDays) }));
  const strongest = sines.reduce((best, sine) => (sine.amplitude > best.amplitude ? sine : best));
  const share = strongest.amplitude / Math.max(1e-12, depth);
  const isSignificant = strongest.significance > threshold;
  const isFail = isSignificant && share > THRESHOLDS.sinusoidShare;
  const numbers = `a sine at ${strongest.ratio} P has ${percent(share)} of the depth, ${strongest.significance.toFixed(0)} sigma`;
  return {
    test,
    value: strongest.significance,
    threshold,
    verdict: verdictOf(isFail, isSignificant && share > THRESHOLDS.sinusoidShareWarn),
    message: isFail
      ? `The star varies in step with the signal: ${numbers}.`
      : `The star does not vary enough in step with the signal: ${numbers}.`,
  };
}

/** Indices of the points outside of the transits. */
function outOfTransit({ raw, periodDays, t0Days, durationDays }: VettingContext): number[] {
  const half = 0.5 * CUT_DURATIONS * durationDays;
  const kept: number[] = [];
  for (let i = 0; i < raw.timeDays.length; i++) {
    const cycles = (raw.timeDays[i] - t0Days) / periodDays;
    if (Math.abs(cycles - Math.round(cycles)) * periodDays > half) kept.push(i);
  }
  return kept;
}

/**
 * Amplitude and its significance. Each stretch of four periods has its own mean, so that drift slower
 * than the sine is not taken for it; the noise is the scatter from point to point.
 */
function fitSine(raw: LightCurve, kept: readonly number[], periodDays: number) {
  const { timeDays, flux } = raw;
  const stretch = 4 * periodDays;
  const starts: number[] = [];
  const ordered = Float64Array.from(kept, (i) => timeDays[i]);
  for (let from = 0; from < ordered.length;) {
    starts.push(from);
    from = Math.max(from + 1, lowerBound(ordered, ordered[from] + stretch));
  }
  let [cc, cs, ss, cy, sy] = [0, 0, 0, 0, 0];
  starts.forEach((from, k) => {
    const to = starts[k + 1] ?? kept.length;
    let [mc, ms, my] = [0, 0, 0];
    for (let j = from; j < to; j++) {
      const angle = (2 * Math.PI * timeDays[kept[j]]) / periodDays;
      mc += Math.cos(angle);
      ms += Math.sin(angle);
      my += flux[kept[j]];
    }
    const count = to - from;
    for (let j = from; j < to; j++) {
      const angle = (2 * Math.PI * timeDays[kept[j]]) / periodDays;
      const c = Math.cos(angle) - mc / count;
      const s = Math.sin(angle) - ms / count;
      const y = flux[kept[j]] - my / count;
      cc += c * c;
      cs += c * s;
      ss += s * s;
      cy += c * y;
      sy += s * y;
    }
  });
  const determinant = cc * ss - cs * cs;
  if (!(determinant > 1e-9 * cc * ss)) return { amplitude: 0, significance: 0 };
  const a = (cy * ss - sy * cs) / determinant;
  const b = (sy * cc - cy * cs) / determinant;
  const amplitude = Math.hypot(a, b);
  let steps = 0;
  for (let j = 1; j < kept.length; j++) steps += (flux[kept[j]] - flux[kept[j - 1]]) ** 2;
  const noise = Math.sqrt(steps / (2 * (kept.length - 1)));
  const error = noise * Math.sqrt(2 / kept.length);
  return { amplitude, significance: error > 0 ? amplitude / error : 0 };
}
