/**
 * What the missions' quality bits mean, and which of them advise against using a point.
 *
 * Kepler and K2: Kepler Archive Manual (KDMC-10008-006), table 2-3; K2 adds the thruster bits
 * (K2 Handbook, KSCI-19116). TESS: Science Data Products Description (EXP-TESS-ARC-ICD-0014),
 * section 9. The numbers are bit values, not bit positions.
 */
export interface QualityFlag {
  readonly value: number;
  readonly name: string;
  /** True where a point that carries the flag should not be used. */
  readonly exclude: boolean;
}

const flag = (position: number, name: string, exclude: boolean): QualityFlag => ({
  value: 2 ** (position - 1),
  name,
  exclude,
});

/**
 * Excluded is what makes a cadence useless. Kept are the flags of cosmic rays (removed from the
 * pixels), of rolling bands and reaction wheel zero crossings (a small effect), and of impulsive
 * outliers (`clean` decides on those, and never takes a dip for one).
 */
export const KEPLER_QUALITY_FLAGS: readonly QualityFlag[] = [
  flag(1, 'attitude tweak', true),
  flag(2, 'safe mode', true),
  flag(3, 'coarse point', true),
  flag(4, 'Earth point', true),
  flag(5, 'reaction wheel zero crossing', false),
  flag(6, 'reaction wheel desaturation', true),
  flag(7, 'argabrightening across the detector', false),
  flag(8, 'cosmic ray in the optimal aperture', false),
  flag(9, 'manual exclude', true),
  flag(11, 'sudden sensitivity dropout corrected', false),
  flag(12, 'impulsive outlier removed before cotrending', false),
  flag(13, 'argabrightening on this CCD', false),
  flag(14, 'cosmic ray in collateral pixels', false),
  flag(15, 'detector anomaly', true),
  flag(16, 'not in fine point', false),
  flag(17, 'no data', true),
  flag(18, 'rolling band in the optimal aperture', false),
  flag(19, 'rolling band in the full mask', false),
  flag(20, 'possible thruster firing', false),
  flag(21, 'thruster firing', true),
];

/** Excluded are bits 1-6, 8, 10, 13 and 15: what the mission advises light curve users to leave out. */
export const TESS_QUALITY_FLAGS: readonly QualityFlag[] = [
  flag(1, 'attitude tweak', true),
  flag(2, 'safe mode', true),
  flag(3, 'coarse point', true),
  flag(4, 'Earth point', true),
  flag(5, 'argabrightening', true),
  flag(6, 'reaction wheel desaturation', true),
  flag(7, 'cosmic ray in the optimal aperture', false),
  flag(8, 'manual exclude', true),
  flag(9, 'discontinuity corrected', false),
  flag(10, 'impulsive outlier removed before cotrending', true),
  flag(11, 'cosmic ray in collateral pixels', false),
  flag(12, 'scattered light predicted', false),
  flag(13, 'scattered light found', true),
  flag(14, 'excluded from the planet search', false),
  flag(15, 'bad calibration', true),
  flag(16, 'too few targets for error correction', false),
];

const maskOf = (flags: readonly QualityFlag[]) =>
  flags.reduce((mask, each) => (each.exclude ? mask | each.value : mask), 0);

export const KEPLER_DEFAULT_MASK = maskOf(KEPLER_QUALITY_FLAGS);
export const TESS_DEFAULT_MASK = maskOf(TESS_QUALITY_FLAGS);
/** Any bit at all: for columns whose bits nobody has told us. */
export const ANY_FLAG_MASK = -1;

/** Names of the flags set in a mission's quality value, lowest bit first. */
export function describeQuality(quality: number, flags: readonly QualityFlag[]): string[] {
  return flags.filter((each) => (quality & each.value) !== 0).map((each) => each.name);
}

/** (N,) 1 where `quality` has a bit of `mask`. A missing value has none. */
export function applyMask(quality: Float64Array, mask: number): Uint8Array {
  const flagged = new Uint8Array(quality.length);
  for (let i = 0; i < flagged.length; i++) flagged[i] = hasBit(quality[i], mask) ? 1 : 0;
  return flagged;
}

function hasBit(value: number, mask: number): boolean {
  if (!Number.isFinite(value)) return false;
  return mask === ANY_FLAG_MASK ? value !== 0 : (value & mask) !== 0;
}
