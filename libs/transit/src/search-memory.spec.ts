import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMS } from './detect.js';
import { search, searchGrid } from './search.js';
import { simulate, type SimulationOptions } from './simulate.js';
import { stitch } from './stitch.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const SUN = { radiusSun: 1, massSun: 1 };

/** Bytes of the heap and beside it: arrays, and the memory that the kernels work in. */
function aliveBytes(): number {
  collectGarbage();
  collectGarbage(); // what was an array's is given back with the next
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('SearchGrid.memoryBytes', () => {
  const planets = [
    { periodDays: 3.7, t0Days: 133, radiusRatio: 0.05 },
    { periodDays: 8.1, t0Days: 135, radiusRatio: 0.05 },
  ];
  const quarters = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  it.each<[string, SimulationOptions, 'folding' | 'bls', number]>([
    ['a quarter', {}, 'folding', 90],
    ['a quarter, by boxes', {}, 'bls', 20],
    ['a sector of 2-minute data', { mission: 'TESS' }, 'folding', 13],
    ['20-second data', { mission: 'TESS', cadenceMinutes: 1 / 3 }, 'folding', 13],
    ['four years', { segments: quarters(16) }, 'folding', 40],
  ])('bounds what is alive during a search of %s', (_, options, method, longest) => {
    const shift = options.mission === 'TESS' ? 1325.29 - 131.51 : 0;
    const { curve } = stitch(
      simulate({
        noisePpm: 200,
        seed: 2,
        ...options,
        planets: planets.map((each) => ({ ...each, t0Days: each.t0Days + shift })),
      }),
    );
    const params = {
      ...DEFAULT_PARAMS,
      method,
      maxPlanets: 2,
      maxPeriodDays: Math.min(longest, method === 'bls' ? 20 : longest),
    };
    search(curve, SUN, { ...params, maxPlanets: 1, maxPeriodDays: 3 }); // compiles, fills tables
    const before = aliveBytes();
    let most = 0;
    let reports = 0;
    const { rounds, grid } = search(curve, SUN, params, () => {
      if (reports++ % 3 === 0) most = Math.max(most, aliveBytes() - before);
    });
    most = Math.max(most, aliveBytes() - before);
    expect(rounds.filter(({ signal }) => signal).length).toBe(2);
    expect(grid.memoryBytes).toBe(searchGrid(curve, SUN, params).memoryBytes);
    expect(most).toBeGreaterThan(0.02 * grid.memoryBytes);
    expect(most, `${most / grid.memoryBytes} of the bound`).toBeLessThan(grid.memoryBytes);
  });

  it('grows with points, days and rounds, and not with the trial periods of a fold', () => {
    const bytes = (options: SimulationOptions, change = {}) => {
      const { curve } = stitch(simulate(options));
      return searchGrid(curve, SUN, { ...DEFAULT_PARAMS, ...change }).memoryBytes;
    };
    const quarter = bytes({});
    expect(bytes({ cadenceMinutes: 10 })).toBeGreaterThan(1.2 * quarter);
    expect(bytes({ segments: quarters(4) })).toBeGreaterThan(1.5 * quarter);
    expect(bytes({}, { maxPlanets: 1 })).toBeLessThan(quarter);
    expect(bytes({}, { minPeriodDays: 2 })).toBeGreaterThan(0.3 * quarter);
  });
});
