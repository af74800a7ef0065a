/** How many of the features are looked at; a number is a share of them. */
export type FeatureShare = 'sqrt' | 'third' | 'all' | number;

/** At least one. */
export function featuresLookedAt(features: number, wish: FeatureShare): number {
  const shares = { sqrt: 1 / Math.sqrt(features), third: 1 / 3, all: 1 };
  const share = typeof wish === 'number' ? wish : shares[wish];
  // A whole number that rounding left a little below itself is that number.
  return Math.min(features, Math.max(1, Math.floor(features * share + 1e-9)));
}
