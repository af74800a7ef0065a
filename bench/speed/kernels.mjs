/** The fold in WebAssembly SIMD beside its plain TypeScript twin, to which it must be equal. */
import { foldCount, foldMaxima, foldMaximaReference, foldPadding } from '#kernels';
import { seededRandom } from '#transit';
import { median, ratioOfRounds } from '../statistics.mjs';

/** Four years at half of 2.6 h, folded at periods of 3 d, 30 d and 300 d. */
const SAMPLES = 27_000;
const FOLDS = [
  { firstBase: 56, endBase: 84 },
  { firstBase: 560, endBase: 580 },
  { firstBase: 5600, endBase: 5700 },
];

export function raceKernels(rounds) {
  const random = seededRandom(1);
  const folds = FOLDS.map(({ firstBase, endBase }) => {
    const series = new Int16Array(SAMPLES + foldPadding(endBase));
    // 20 steps per sigma: 500 rows stay far from 16 bits.
    for (let i = 0; i < SAMPLES; i++) series[i] = Math.round(20 * random.normal());
    const fold = (kernel) => {
      const maxima = new Int16Array(foldCount(SAMPLES, firstBase, endBase));
      const started = performance.now();
      kernel(series, SAMPLES, firstBase, endBase, maxima);
      return { maxima, seconds: (performance.now() - started) / 1000 };
    };
    const ours = [];
    const twin = [];
    for (let round = -3; round < rounds; round++) {
      const [fast, plain] = [foldMaxima, foldMaximaReference].map(fold);
      if (fast.maxima.some((value, i) => value !== plain.maxima[i])) {
        throw new Error(`The kernels differ at base periods from ${firstBase}.`);
      }
      if (round < 0) continue;
      ours.push(fast.seconds);
      twin.push(plain.seconds);
    }
    return {
      firstBase,
      endBase,
      rows: Math.ceil(SAMPLES / firstBase),
      seconds: median(ours),
      twinSeconds: median(twin),
      ...ratioOfRounds(twin, ours),
    };
  });
  return { samples: SAMPLES, rounds, target: 10, folds };
}
