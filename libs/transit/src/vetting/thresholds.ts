/**
 * Where each vetting test draws its lines, and why. One table, one version: a result that names the
 * version can be understood later.
 *
 * "DR25" is Thompson et al. 2018, ApJS 235, 38, the Kepler DR25 Robovetter.
 */
export const VETTING_VERSION = 'vetting-2';

export const THRESHOLDS = {
  /** Sigma between odd and even depths: one candidate in 16,000 by chance. */
  oddEvenSigma: 4,
  /** Spots and pixel phase change depths by a few percent; a smaller difference convicts nobody. */
  oddEvenShare: 0.05,
  /** Sigma of the strongest dip between phases 0.25 and 0.75. Up to thousands of boxes are tried. */
  secondarySigma: 6,
  /** The same within half a duration of phase 0.5, where it is expected: one planet in 3,000 by chance. */
  secondaryAtHalfSigma: 3.4,
  /**
   * An occultation deeper than this share of the transit is no planet's, however close. DR25
   * (section A.4.1.3) draws the line at 0.1; the limit by distance is mostly below it.
   */
  secondaryShare: 0.25,
  /** b + Rp/R* of a V-shaped transit (DR25 section A.4.3.1). */
  shape: 1.04,
  /** Chi squared by which a V explains the fold better than the fitted transit. */
  vShape: 10,
  /** Unexplained residual over depth in the folded curve: the dip is not shaped like a transit. */
  fitResidual: 0.2,
  fitResidualWarn: 0.1,
  /** Duration over that of a central transit on a circular orbit. e = 0.5 at apastron gives 1.7. */
  durationLong: 2,
  durationLongWarn: 1.4,
  /** A chord this short crosses within 2 % of the limb, or the star is denser than assumed. */
  durationShortWarn: 0.2,
  /** Share of the SNR that the strongest event alone has (DR25 section A.3.5: SES/MES > 0.8). */
  singleEvent: 0.8,
  /** Transits that must be seen before a period is believed (the Kepler pipeline's rule). */
  transits: 3,
  /** Median part of a transit that has data. */
  coverage: 0.5,
  /** Sigma and share of depth of a sine at P/2, P or 2P outside of the transits (DR25 A.3.2: SWEET). */
  sinusoidSigma: 50,
  sinusoidShare: 1,
  /** Part of the star's variation beyond noise that the sine is. */
  sinusoidExplained: 0.5,
  sinusoidShareWarn: 0.3,
  /** Largest planet radius, Jupiter radii. The largest known, inflated ones have 2.1. */
  radiusJupiter: 2.5,
  /** Largest planet over star; a Jupiter round an M5 dwarf. */
  radiusRatio: 0.5,
  /** The transit over the strongest other dip or bump of the folded curve. */
  uniqueness: 1.3,
  uniquenessWarn: 2,
  /** Scatter of the single depths beyond their errors, over the depth. */
  depthScatter: 1,
  depthScatterWarn: 0.4,
  /** Sigma, and share of the dip, between the halves before and after mid-transit. */
  asymmetrySigma: 5,
  asymmetryShare: 0.2,
  /** Part of the signal in events that a step or a drop that recovers explains better. */
  steps: 0.5,
  /** Part of the signal in events at the edge of a gap. */
  gaps: 0.7,
  /** Power of the bumps beyond 2 sigma over the dips'. */
  negativeEvents: 0.5,
  /** Way to the nearest event as strong, over a tenth of the period. */
  chases: 0.5,
  /** SNR left in events that are neither at a gap nor a step. */
  goodSnr: 5,
  /** Mean over median depth of the events (DR25: 1.5). */
  meanOverMedian: 1.5,
  /** Sigma, and share of the duration, between odd and even mid-times. */
  oddEvenTimingSigma: 5,
  oddEvenTimingShare: 0.1,
  /** Added to the sigma that one in 20,000 curves makes by chance. */
  significanceMargin: 0,
  /** Sigma and share of depth between a file and the others. */
  segmentDepthSigma: 5,
  segmentDepthShare: 0.5,
  /** Way from the search's to the fit's transits, over the duration. */
  epochDrift: 0.5,
  /** Chi squared that a sine explains, over the transit's. */
  sineShape: 0.9,
} as const;
