/** A planet is as deep every time; spots and artefacts are not. */
import { median, robustScatter } from '../robust.js';
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { meanAmplitude } from './events.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

const FEWEST_EVENTS = 4;

export function depthScatter({ events }: VettingContext): VettingTest {
  const test = 'depth_scatter';
  const threshold = THRESHOLDS.depthScatter;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const count = events.epoch.length;
  if (count < FEWEST_EVENTS) {
    return notComputable(
      test,
      threshold,
      `${count} transits have data; ${FEWEST_EVENTS} are needed to compare their depths.`,
    );
  }
  const { mean } = meanAmplitude(events, () => true);
  const noise = median(events.error);
  const scatter = robustScatter(events.amplitude);
  const excess = Math.sqrt(Math.max(0, scatter * scatter - noise * noise));
  const value = excess / Math.max(1e-12, Math.abs(mean));
  // The scatter itself is known to one part in sqrt(2 E).
  const isMeasured = scatter > noise * (1 + 3 / Math.sqrt(2 * count));
  const isFail = value > threshold && isMeasured;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > THRESHOLDS.depthScatterWarn && isMeasured),
    message: isFail
      ? `The depth changes from transit to transit by ${percent(value)} beyond noise (${count} transits).`
      : `The transits are equally deep within noise and ${percent(value)} (${count} transits).`,
  };
}
