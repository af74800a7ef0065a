/**
 * The curves that everything is measured on: what a mission observes, how noisy it is, what is
 * searched, and what is hidden in it. A change here makes other curves, and cached answers of the
 * peers no longer fit: the cache is keyed by these numbers.
 */

/** Four years, a quarter, a sector at two cadences. Times in days. */
const SURVEYS = {
  'kepler-4y': {
    mission: 'Kepler',
    segments: 16,
    spacingDays: 91.2,
    observedDays: 88,
    pausesDays: [30, 60],
    pauseDays: 0.9,
    missing: 0.02,
    cadenceMinutes: 29.4244,
    barycentre: { seconds: 211, periodDays: 372.5 }, // 499 s · cos(65° ecliptic latitude), KDMC-10008
    noisePpm: 100,
  },
  'kepler-quarter': {
    mission: 'Kepler',
    segments: 1,
    spacingDays: 91.2,
    observedDays: 90,
    pausesDays: [30, 60],
    pauseDays: 0.9,
    missing: 0.02,
    cadenceMinutes: 29.4244,
    barycentre: { seconds: 211, periodDays: 372.5 },
    noisePpm: 100,
  },
  'tess-sector': {
    mission: 'TESS',
    segments: 1,
    spacingDays: 27.4,
    observedDays: 27,
    pausesDays: [13],
    pauseDays: 1,
    missing: 0.01,
    cadenceMinutes: 2,
    barycentre: { seconds: 353, periodDays: 365.25 }, // 499 s · cos(45°)
    noisePpm: 800,
  },
  'tess-ffi': {
    mission: 'TESS',
    segments: 1,
    spacingDays: 27.4,
    observedDays: 27,
    pausesDays: [13],
    pauseDays: 1,
    missing: 0.01,
    cadenceMinutes: 30,
    barycentre: { seconds: 353, periodDays: 365.25 },
    noisePpm: 300,
  },
};

/** Ornstein–Uhlenbeck: its scatter is this share of the white noise of one point. */
const RED = { ofWhite: 0.35, timescaleDays: 0.25 };

/** Injections near the threshold on purpose: SNR by the formula for white noise. */
const INJECTED = { snr: [5.5, 9], impact: [0, 0.9] };

const workload = (survey, periodsDays, injectedDays, red) => ({
  survey: SURVEYS[survey],
  periodsDays,
  injected: { ...INJECTED, periodsDays: injectedDays },
  red: red ? RED : null,
});

export const WORKLOADS = {
  'a-white': workload('kepler-4y', [0.8, 350], [0.82, 345], false),
  'b-white': workload('tess-sector', [0.6, 13.5], [0.62, 13.2], false),
  'c-white': workload('kepler-quarter', [0.6, 45], [0.62, 44], false),
  'c-red': workload('kepler-quarter', [0.6, 45], [0.62, 44], true),
  'e-white': workload('tess-ffi', [0.6, 13.5], [0.62, 13.2], false),
  'e-red': workload('tess-ffi', [0.6, 13.5], [0.62, 13.2], true),
};

/** @throws {RangeError} naming the workloads that there are. */
export function workloadNamed(name) {
  const found = WORKLOADS[name];
  if (!found) {
    throw new RangeError(`There is no workload "${name}"; ${Object.keys(WORKLOADS).join(', ')}.`);
  }
  return { name, ...found };
}
