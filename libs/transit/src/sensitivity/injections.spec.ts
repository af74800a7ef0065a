import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMS } from '../detect.js';
import { prepare } from '../prepare.js';
import { search } from '../search.js';
import { simulate, type SimulationOptions } from '../simulate.js';
import type { SearchGrid } from '../types.js';
import { injectPlanet, maskSignals } from './inject.js';
import { type Injection, injections, isSame } from './injections.js';
import { sensitivityMap } from './map.js';
import { chooseSize, planSensitivity, type SensitivityPlan } from './plan.js';

const star = { radiusSun: 1, massSun: 1 };
/** A sector of half-hour data: preparing and searching it takes some milliseconds. */
const sector = (options: SimulationOptions = {}) =>
  simulate({ mission: 'TESS', cadenceMinutes: 30, noisePpm: 300, seed: 4, star, ...options });
const params = { ...DEFAULT_PARAMS, maxPeriodDays: 8, minPeriodDays: 1 };

function planOf(segments = sector(), size = { columns: 3, rows: 4, layers: 2 }): SensitivityPlan {
  const prepared = prepare(segments, params);
  const { grid } = search(prepared.detrended, prepared.star, params);
  return planSensitivity(prepared, grid, params, size)!;
}
const withRadii = (plan: SensitivityPlan, from: number, to: number): SensitivityPlan => ({
  ...plan,
  rows: 1,
  radiusRatioEdges: [from, to],
});
const all = (plan: SensitivityPlan, segments = sector()): Injection[] => [
  ...injections({ segments, params, plan }),
];
const shareOf = (done: readonly Injection[]) =>
  done.filter(({ recovered }) => recovered).length / done.length;

describe('injections', () => {
  it('recovers all large planets and no tiny one', () => {
    const plan = planOf(sector(), { columns: 3, rows: 1, layers: 5 });
    const large = all(withRadii(plan, 0.09, 0.1));
    expect(large).toHaveLength(15);
    expect(shareOf(large)).toBe(1);
    expect(shareOf(all(withRadii(plan, 0.002, 0.003)))).toBe(0);
  });

  it('finds more of larger planets, and half of them within its own map', () => {
    const plan = planOf(sector(), { columns: 3, rows: 5, layers: 5 });
    const { cells, halfRadiusRatio, injected, planned } = sensitivityMap(plan, all(plan), 7.1);
    expect([injected, planned]).toEqual([75, 75]);
    const found = (row: number) =>
      cells.filter((cell) => cell.radiusBin === row).reduce((sum, cell) => sum + cell.recovered, 0);
    expect(found(0)).toBeLessThan(3);
    expect(found(4)).toBeGreaterThan(12);
    for (const radius of halfRadiusRatio) {
      expect(radius).toBeGreaterThan(plan.radiusRatioEdges[0]);
      expect(radius).toBeLessThan(plan.radiusRatioEdges[5]);
    }
  });

  it('gives the same injections for the same seed, others for another', () => {
    const plan = planOf(sector(), { columns: 2, rows: 2, layers: 1 });
    const first = all(plan);
    expect(all(plan)).toEqual(first);
    const other = [...injections({ segments: sector(), params: { ...params, seed: 2 }, plan })];
    expect(other[0].planet.periodDays).not.toBe(first[0].planet.periodDays);
  });

  it('has begun, wherever it is interrupted, as the whole begins', () => {
    const plan = planOf(sector(), { columns: 2, rows: 2, layers: 2 });
    const whole = all(plan);
    const part: Injection[] = [];
    for (const injection of injections({ segments: sector(), params, plan })) {
      part.push(injection);
      if (part.length === 5) break;
    }
    expect(part).toEqual(whole.slice(0, 5));
    const map = sensitivityMap(plan, part, 7.1);
    expect(map).toEqual(sensitivityMap(plan, whole.slice(0, 5), 7.1));
    expect([map.injected, map.planned]).toEqual([5, 8]);
    expect(map.cells.map(({ injected }) => injected)).toEqual([2, 1, 1, 1]);
  });

  it('draws every planet from its own cell, in every layer one per cell', () => {
    const plan = planOf();
    const done: Injection[] = [];
    for (const injection of injections({ segments: sector(), params, plan })) done.push(injection);
    expect(new Set(done.slice(0, 12).map(({ column, row }) => `${column} ${row}`)).size).toBe(12);
    for (const { column, row, planet } of done) {
      expect(planet.periodDays).toBeGreaterThanOrEqual(plan.periodEdgesDays[column]);
      expect(planet.periodDays).toBeLessThan(plan.periodEdgesDays[column + 1]);
      expect(planet.radiusRatio).toBeGreaterThanOrEqual(plan.radiusRatioEdges[row]);
      expect(planet.radiusRatio).toBeLessThan(plan.radiusRatioEdges[row + 1]);
    }
  });

  it('finds with one planet sought what it finds with all that the pipeline seeks', () => {
    const segments = sector();
    const plan = planOf(segments, { columns: 3, rows: 4, layers: 1 });
    for (const { planet, recovered } of all(plan, segments)) {
      const injected = sector({ planets: [planet], limbDarkening: planet.limbDarkening });
      const { detrended, detrending, star: known } = prepare(injected, params);
      const { rounds } = search(detrended, known, { ...params, windowDays: detrending.windowDays });
      const isFound = rounds.some(({ signal }) => signal && isSame(signal, planet));
      expect(isFound).toBe(recovered !== null);
    }
  });

  it('puts the same dips at the same moments into files that count their time differently', () => {
    const [file] = sector();
    const shifted = {
      ...file,
      timeDays: file.timeDays.map((time) => time + 1000.5),
      timeOffsetDays: file.timeOffsetDays - 1000.5,
    };
    const [{ planet }] = all(planOf(sector(), { columns: 1, rows: 1, layers: 1 }));
    const [here] = injectPlanet([file], planet, file.timeOffsetDays);
    const [there] = injectPlanet([shifted], planet, file.timeOffsetDays);
    expect(here.flux.some((value, i) => value < file.flux[i])).toBe(true);
    here.flux.forEach((value, i) => expect(there.flux[i] / value).toBeCloseTo(1, 8));
  });

  it('takes known signals out, in files that count their time differently', () => {
    const planet = { periodDays: 3.1, t0Days: 1327, radiusRatio: 0.06 };
    const [file] = sector({ planets: [planet] });
    const shifted = {
      ...file,
      timeDays: file.timeDays.map((time) => time + 1000),
      timeOffsetDays: file.timeOffsetDays - 1000,
    };
    const signal = { ...planet, durationHours: 4 } as never;
    const [here] = maskSignals([file], [signal], file.timeOffsetDays);
    const [there] = maskSignals([shifted], [signal], file.timeOffsetDays);
    const missing = here.flux.filter(Number.isNaN).length;
    expect(missing).toBeGreaterThan(8 * 10);
    expect(there.flux).toEqual(here.flux);
    const prepared = prepare([here], params);
    const { rounds } = search(prepared.detrended, star, params);
    expect(rounds.some((round) => round.signal)).toBe(false);
  });
});

describe('planSensitivity', () => {
  const prepared = prepare(sector(), params);
  const { grid } = search(prepared.detrended, prepared.star, params);
  const size = { columns: 2, rows: 2, layers: 1 };

  it('states its cost before it runs: that of its injections', () => {
    const cost = (layers: number) =>
      planSensitivity(prepared, grid, params, { ...size, layers })!.cost;
    expect(cost(1)).toBeGreaterThan(4 * grid.cost);
    expect(cost(3)).toBe(3 * cost(1));
  });

  it('goes over the periods that were searched and keeps the known radius of the star', () => {
    const plan = planSensitivity(prepared, grid, params, size)!;
    expect(plan.periodEdgesDays[0]).toBe(grid.minPeriodDays);
    expect(plan.periodEdgesDays[2]).toBeCloseTo(grid.maxPeriodDays, 10);
    expect(plan.starRadiusSun).toBe(1);
    const unknown = planSensitivity({ ...prepared, star: {} }, grid, params, size)!;
    expect(unknown.starRadiusSun).toBeNull();
  });

  it('begins where planets can live, and has no map where all periods lie inside the star', () => {
    const giant = { ...prepared, star: { radiusSun: 15, massSun: 1 } };
    expect(planSensitivity(giant, { ...grid, maxPeriodDays: 8 }, params, size)).toBeNull();
    const subgiant = { ...prepared, star: { radiusSun: 4, massSun: 1 } };
    expect(planSensitivity(subgiant, grid, params, size)!.periodEdgesDays[0]).toBeGreaterThan(2);
  });

  it.each(['columns', 'rows', 'layers'] as const)(
    'names %s where it is no number of bins',
    (name) => {
      for (const value of [0, 1.5, Number.NaN]) {
        expect(() => planSensitivity(prepared, grid, params, { ...size, [name]: value })).toThrow(
          `${name} must be a whole number from 1, not ${value}`,
        );
      }
    },
  );

  it('chooses fewer injections where one is dear, and one per cell at the least', () => {
    const dear: SearchGrid = { ...grid, cost: 1e11 };
    expect(chooseSize('on_null', prepared, grid).layers).toBe(4);
    expect(chooseSize('always', prepared, grid).layers).toBe(10);
    expect(chooseSize('on_null', prepared, dear).layers).toBe(1);
  });
});
