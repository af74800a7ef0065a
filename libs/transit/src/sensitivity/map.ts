/**
 * From injections to a map: the share that was recovered, cell by cell, with its binomial error, and
 * the radius at which half of all planets of a period are found.
 *
 * Wilson 1927, J. Am. Stat. Assoc. 22, 209 (interval of a share; also right for none and all of few).
 * Ayer et al. 1955, Ann. Math. Stat. 26, 641 (a share that only grows: pool adjacent violators).
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { SensitivityCell, SensitivityMap } from '../types.js';
import type { Injection } from './injections.js';
import type { SensitivityPlan } from './plan.js';

/** Normal deviate of the interval: 68 %. */
const SIGMAS = 1;

/**
 * @param done any number of the plan's injections, from the first on.
 * @param interrupted whether more were to come.
 */
export function sensitivityMap(
  plan: SensitivityPlan,
  done: Iterable<Injection>,
  minSnr: number,
  interrupted = false,
): SensitivityMap {
  const { columns, rows } = plan;
  const injected = new Uint32Array(columns * rows);
  const recovered = new Uint32Array(columns * rows);
  for (const injection of done) {
    const cell = injection.row * columns + injection.column;
    injected[cell]++;
    if (injection.recovered) recovered[cell]++;
  }
  const cells = Array.from(injected, (count, i): SensitivityCell => {
    const [low, high] = shareInterval(recovered[i], count);
    return {
      periodBin: i % columns,
      radiusBin: Math.floor(i / columns),
      injected: count,
      recovered: recovered[i],
      low,
      high,
    };
  });
  const centres = plan.radiusRatioEdges
    .slice(1)
    .map((edge, row) => Math.sqrt(edge * plan.radiusRatioEdges[row]));
  const halfRadiusRatio = Array.from({ length: columns }, (_, column) =>
    halfRadius(
      centres,
      cells.filter(({ periodBin }) => periodBin === column),
    ),
  );
  return {
    periodEdgesDays: plan.periodEdgesDays,
    radiusRatioEdges: plan.radiusRatioEdges,
    starRadiusSun: plan.starRadiusSun,
    minSnr,
    planned: columns * rows * plan.layers,
    interrupted,
    injected: injected.reduce((sum, count) => sum + count, 0),
    cells,
    halfRadiusRatio,
  };
}

/** 68 % interval of a share of which `hits` of `trials` are known; 0 to 1 where nothing is. */
export function shareInterval(hits: number, trials: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const z2 = SIGMAS * SIGMAS;
  const centre = (hits + z2 / 2) / (trials + z2);
  const half = (SIGMAS / (trials + z2)) * Math.sqrt((hits * (trials - hits)) / trials + z2 / 4);
  // Exactly 0 and 1 at the ends, where rounding would leave 1e-17.
  return [
    hits === 0 ? 0 : Math.max(0, centre - half),
    hits === trials ? 1 : Math.min(1, centre + half),
  ];
}

/**
 * Where the share, made to grow with the radius, crosses one half: linear in ln radius between the
 * centres of the bins. null where it does not within the map.
 *
 * @param centres (R,) of the radius bins, increasing
 * @param cells (R,) of one period bin
 */
export function halfRadius(
  centres: readonly number[],
  cells: readonly Pick<SensitivityCell, 'injected' | 'recovered'>[],
): number | null {
  const radii: number[] = [];
  const blocks: { hits: number; trials: number; bins: number }[] = [];
  cells.forEach(({ injected, recovered }, row) => {
    if (injected === 0) return;
    radii.push(Math.log(centres[row]));
    blocks.push({ hits: recovered, trials: injected, bins: 1 });
    for (let last = blocks.length - 1; last > 0; last--) {
      const [before, after] = [blocks[last - 1], blocks[last]];
      if (before.hits * after.trials <= after.hits * before.trials) break;
      blocks.splice(last - 1, 2, {
        hits: before.hits + after.hits,
        trials: before.trials + after.trials,
        bins: before.bins + after.bins,
      });
    }
  });
  const shares = blocks.flatMap(({ hits, trials, bins }) =>
    Array.from({ length: bins }, () => hits / trials),
  );
  const above = shares.findIndex((share) => share >= 0.5);
  if (above <= 0) return null;
  const [low, high] = [shares[above - 1], shares[above]];
  const part = (0.5 - low) / (high - low);
  return Math.exp(radii[above - 1] + part * (radii[above] - radii[above - 1]));
}
