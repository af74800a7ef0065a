/**
 * Whether a signal repeats, or is one event that any period would contain.
 *
 * A single deep event makes a peak at every period: its SNR is only diluted by empty folds. What is
 * left without the strongest events tells the two apart (the Kepler pipeline's robust statistic has
 * the same purpose: Tenenbaum et al. 2013, ApJS 206, 5).
 */
import type { TransitSums } from './transit-sums.js';

/** The transits left without the strongest must keep this share of what even depths would give. */
const LEAST_SHARE = 0.5;
/** So many of its errors may be missing: of three faint transits the weakest is often weak indeed. */
const DOUBT_SIGMAS = 1;
/** A transit with less than this share of the typical weight is not counted as observed. */
const LEAST_COVERED = 0.3;
/** Two events are two different things where they differ by so many σ and by so much. */
const PAIR_SIGMAS = 5;
const PAIR_SHARE = 0.3;

export interface Repetition {
  /** Indices of the transits that have data, increasing. */
  readonly observed: readonly number[];
  readonly repeats: boolean;
  /** Index of the strongest one. */
  readonly strongest: number;
}

export function repetition(sums: TransitSums): Repetition {
  const { numerator, denominator } = sums;
  const occupied = denominator.filter((value) => value > 0).sort();
  const typical = occupied[occupied.length >> 1] ?? 0;
  const observed = [...numerator.keys()].filter((k) => denominator[k] > LEAST_COVERED * typical);
  const snr = (k: number) => numerator[k] / Math.sqrt(denominator[k]);
  const byStrength = [...observed].sort((a, b) => snr(b) - snr(a) || a - b);
  const common = { observed, strongest: byStrength[0] ?? 0 };
  if (observed.length < 2) return { ...common, repeats: false };
  if (observed.length === 2 && !arePair(sums, byStrength)) return { ...common, repeats: false };

  const removed = observed.length === 2 ? 1 : 2;
  const total = (indices: readonly number[]) =>
    indices.reduce(
      (sum, k) => ({ above: sum.above + numerator[k], below: sum.below + denominator[k] }),
      { above: 0, below: 0 },
    );
  const all = total(observed);
  const rest = total(byStrength.slice(removed));
  // With even depths the rest's depth is the depth of all, give or take its own error.
  const restDepth = (rest.above + DOUBT_SIGMAS * Math.sqrt(rest.below)) / rest.below;
  const repeats = restDepth >= LEAST_SHARE * (all.above / all.below);
  return { ...common, repeats };
}

function arePair({ numerator, denominator }: TransitSums, [a, b]: readonly number[]): boolean {
  const depthA = numerator[a] / denominator[a];
  const depthB = numerator[b] / denominator[b];
  const sigma = Math.sqrt(1 / denominator[a] + 1 / denominator[b]);
  const difference = Math.abs(depthA - depthB);
  return difference < PAIR_SIGMAS * sigma || difference < PAIR_SHARE * Math.max(depthA, depthB);
}
