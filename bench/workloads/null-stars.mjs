/** Curves without the planets that they had: what is found in them is false. */
import { prepare, scramble } from '#transit';

/** Blocks that a scrambled curve is cut into: longer than any transit, shorter than most periods. */
const BLOCK_DAYS = 1.7;

/** Turned over about its middle: dips become bumps. */
export function inverted(segment) {
  const finite = segment.flux.filter(Number.isFinite).sort();
  const middle = finite[finite.length >> 1];
  return { ...segment, flux: segment.flux.map((value) => 2 * middle - value) };
}

/** Detrended, cut into blocks, put together in another order, with the times of all. */
export function scrambled(segments, random) {
  const { detrended } = prepare(segments, {
    detrend: 'biweight',
    windowDays: null,
    maxPeriodDays: null,
  });
  const { timeDays, flux, fluxError, segment } = scramble(detrended, random, BLOCK_DAYS);
  return segments.map((file, s) => {
    const isIn = (_, i) => segment[i] === s;
    const own = timeDays.filter(isIn);
    return {
      ...file,
      timeDays: own,
      flux: flux.filter(isIn),
      fluxError: fluxError.filter(isIn),
      flagged: new Uint8Array(own.length),
    };
  });
}
