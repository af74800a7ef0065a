/**
 * Seeded random numbers, the only source of randomness of the pipeline.
 *
 * xoshiro128** 1.1 (Blackman & Vigna 2021, ACM Trans. Math. Softw. 47, 36), its state filled by
 * splitmix32 (the 32-bit finaliser of MurmurHash3, Appleby 2011). Integer arithmetic only, so that
 * a seed gives the same numbers on every machine.
 */
export interface Random {
  /** Uniform in [0, 1), 32 random bits. */
  uniform(): number;
  /** Standard normal (Marsaglia's polar method, 1964). */
  normal(): number;
  /** Integer in [0, bound). */
  integer(bound: number): number;
}

/** @param seed any finite number; its integer part modulo 2^32 counts. */
export function seededRandom(seed: number): Random {
  if (!Number.isFinite(seed)) throw new RangeError(`seed must be finite, not ${seed}`);
  let counter = Math.trunc(seed) >>> 0;
  const splitmix = () => {
    counter = (counter + 0x9e3779b9) | 0;
    let z = counter;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  let [s0, s1, s2, s3] = [splitmix(), splitmix(), splitmix(), splitmix()];
  const rotateLeft = (x: number, k: number) => (x << k) | (x >>> (32 - k));

  const next = () => {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotateLeft(s3, 11);
    return result;
  };

  let spare = NaN;
  const uniform = () => next() / 4294967296;
  return {
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = NaN;
        return value;
      }
      let x: number, y: number, r2: number;
      do {
        x = 2 * uniform() - 1;
        y = 2 * uniform() - 1;
        r2 = x * x + y * y;
      } while (r2 >= 1 || r2 === 0);
      const factor = Math.sqrt((-2 * Math.log(r2)) / r2);
      spare = y * factor;
      return x * factor;
    },
  };
}
