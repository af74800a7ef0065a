/**
 * Is the false-alarm probability one? On curves of noise alone it must be uniform: below p in the
 * share p of them. Long form of false-alarms.spec.ts. After `npm run build:server`:
 *
 *   node bench/false-alarms/calibration.mjs [white|red|quarter|red_quarter] [curves] [trials]
 */
import { detect, simulate } from '#transit';

const SECTOR = { mission: 'TESS', cadenceMinutes: 30, noisePpm: 300 };
const KINDS = {
  white: SECTOR,
  red: { ...SECTOR, redNoise: { ppm: 150, timescaleDays: 0.25 } },
  quarter: { noisePpm: 100 },
  red_quarter: { noisePpm: 100, redNoise: { ppm: 35, timescaleDays: 0.25 } },
};
const [kind = 'white', curves = '200', trials = '20'] = process.argv.slice(2);
if (!(kind in KINDS)) throw new RangeError(`kind must be one of ${Object.keys(KINDS).join(', ')}`);

const found = [];
for (let seed = 1; seed <= Number(curves); seed++) {
  const segments = simulate({ ...KINDS[kind], seed: 1000 + seed });
  const params = { minSnr: 3, maxPlanets: 1, falseAlarmTrials: Number(trials), seed };
  const { candidates } = detect(segments, params);
  const probability = candidates[0]?.falseAlarmProbability;
  if (typeof probability === 'number') found.push(probability);
}
found.sort((a, b) => a - b);
const n = found.length;
let distance = 0;
found.forEach((p, i) => {
  distance = Math.max(distance, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
});
process.stdout.write(`${kind}: ${n} of ${curves} curves, ${trials} trials\n`);
for (const p of [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9]) {
  const share = found.filter((each) => each < p).length / n;
  const error = Math.sqrt((p * (1 - p)) / n);
  process.stdout.write(`below ${p}: ${share.toFixed(3)} (± ${error.toFixed(3)})\n`);
}
// 1.36 is passed by 5 % of uniform samples (Kolmogorov).
process.stdout.write(
  `largest distance from uniform times √n: ${(distance * Math.sqrt(n)).toFixed(2)}\n`,
);
