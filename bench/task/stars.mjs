/**
 * The stars of the task bench, as the files that a user would upload: a spotted star of the Sun's
 * kind with three planets, white noise and noise that is correlated in time.
 */
import { createHash } from 'node:crypto';
import { simulate } from '#transit';
import { writeCsv, writeFits } from '#transit/io';

/** What the archives say of the Sun seen from afar; mass comes from surface gravity. */
const SUN = { effectiveTemperatureK: 5772, logg: 4.438, radiusSun: 1, metallicity: 0 };
const SECTOR = {
  mission: 'TESS',
  segments: [1],
  noisePpm: 800,
  redNoise: { ppm: 100, timescaleDays: 0.25 },
  rotation: { periodDays: 21, amplitudePpm: 1500 },
  planets: [
    { periodDays: 1.7131, t0Days: 1326.21, radiusRatio: 0.03, impact: 0.2 },
    { periodDays: 3.9277, t0Days: 1327.9, radiusRatio: 0.036, impact: 0.35 },
    { periodDays: 8.1519, t0Days: 1328.63, radiusRatio: 0.04, impact: 0.1 },
  ],
};

/** `targetSeconds`: CPU time of the whole task on one core that is not to be exceeded. */
export const STARS = [
  {
    name: 'tess',
    title: 'One TESS sector, 2-minute data',
    what: 'one FITS file',
    simulation: SECTOR,
    format: 'fits',
    targetSeconds: 0.5,
    /** Every n-th trial period of astropy's is timed. */
    sampled: 1,
  },
  {
    name: 'tess-csv',
    title: 'The same sector as CSV',
    what: 'one CSV file',
    simulation: SECTOR,
    format: 'csv',
    targetSeconds: 0.5,
    sampled: 1,
  },
  {
    name: 'kepler',
    title: 'Four years of Kepler',
    what: '16 FITS files',
    simulation: {
      mission: 'Kepler',
      segments: Array.from({ length: 16 }, (_, i) => i + 1),
      noisePpm: 100,
      redNoise: { ppm: 20, timescaleDays: 0.25 },
      rotation: { periodDays: 24, amplitudePpm: 1500 },
      planets: [
        { periodDays: 5.7137, t0Days: 134.2, radiusRatio: 0.012, impact: 0.2 },
        { periodDays: 17.391, t0Days: 139.7, radiusRatio: 0.016, impact: 0.35 },
        { periodDays: 61.443, t0Days: 151.3, radiusRatio: 0.022, impact: 0.1 },
      ],
    },
    format: 'fits',
    targetSeconds: 0.8,
    sampled: 100,
  },
];

/** For the memory of a worker alone. */
const KEPLER = STARS.find(({ name }) => name === 'kepler');
export const QUARTER = {
  ...KEPLER,
  name: 'kepler-quarter',
  simulation: { ...KEPLER.simulation, segments: [5] },
};

/** @returns the files of the star with this number: the same number, the same bytes. */
export function filesOf(star, number) {
  const segments = simulate({ ...star.simulation, seed: number + 1, star: SUN });
  return segments.map((segment) => {
    const named = { ...segment, target: `SIM ${number + 1}` };
    const bytes = star.format === 'fits' ? writeFits(named) : Buffer.from(writeCsv(named));
    return {
      filename: `sim-${number + 1}-${segment.label.toLowerCase()}.${star.format}`,
      bytes,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  });
}
