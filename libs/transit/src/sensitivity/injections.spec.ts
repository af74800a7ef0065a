import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMS } from '../detect.js';
import { prepare } from '../prepare.js';
import { search } from '../search.js';
import { simulate, type SimulationOptions } from '../simulate.js';
import { transitFlux } from '../transit-model.js';
import type { SearchGrid } from '../types.js';
import { injectPlanet } from './inject.js';
import { type Hidden, type Injection, injections, isSame } from './injections.js';
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
const hiding = (plan: SensitivityPlan, more: Partial<Hidden> = {}): Hidden => ({
  prepared: prepare(sector(), params),
  mission: 'TESS',
  params,
  plan,
  ...more,
});
const all = (plan: SensitivityPlan): Injection[] => [...injections(hiding(plan))];
/** As if nothing were ever settled: the first layer, drawn anew for every layer. */
const everywhere = (plan: SensitivityPlan): Injection[] =>
  Array.from({ length: plan.layers }, (_, k) => [
    ...injections(hiding({ ...plan, layers: 1 }, { params: { ...params, seed: k + 1 } })),
  ]).flat();
const shareOf = (done: readonly Injection[]) =>
  done.filter(({ recovered }) => recovered).length / done.length;

describe('injections', () => {
  it('recovers all large planets and no tiny one', () => {
    const plan = planOf(sector(), { columns: 3, rows: 1, layers: 5 });
    const large = everywhere(withRadii(plan, 0.09, 0.1));
    expect(large).toHaveLength(15);
    expect(shareOf(large)).toBe(1);
    expect(shareOf(everywhere(withRadii(plan, 0.002, 0.003)))).toBe(0);
  });

  it('finds more of larger planets, and half of them within its own map', () => {
    const plan = planOf(sector(), { columns: 3, rows: 5, layers: 5 });
    const { cells, halfRadiusRatio } = sensitivityMap(plan, all(plan), 7.1);
    const share = (row: number) => {
      const own = cells.filter((cell) => cell.radiusBin === row);
      const sum = (name: 'injected' | 'recovered') =>
        own.reduce((total, cell) => total + cell[name], 0);
      return sum('recovered') / sum('injected');
    };
    expect(share(0)).toBeLessThan(0.2);
    expect(share(4)).toBeGreaterThan(0.8);
    for (const radius of halfRadiusRatio) {
      expect(radius).toBeGreaterThan(plan.radiusRatioEdges[0]);
      expect(radius).toBeLessThan(plan.radiusRatioEdges[5]);
    }
  });

  it('gives the same injections for the same seed, others for another', () => {
    const plan = planOf(sector(), { columns: 2, rows: 2, layers: 1 });
    const first = all(plan);
    expect(all(plan)).toEqual(first);
    const other = [...injections(hiding(plan, { params: { ...params, seed: 2 } }))];
    expect(other[0].planet.periodDays).not.toBe(first[0].planet.periodDays);
  });

  it('has begun, wherever it is interrupted, as the whole begins', () => {
    const plan = planOf(sector(), { columns: 2, rows: 2, layers: 2 });
    const whole = all(plan);
    const part: Injection[] = [];
    for (const injection of injections(hiding(plan))) {
      part.push(injection);
      if (part.length === 5) break;
    }
    expect(part).toEqual(whole.slice(0, 5));
    const map = sensitivityMap(plan, part, 7.1, true);
    expect(map).toMatchObject({ injected: 5, planned: 8, interrupted: true });
    const counts = map.cells.map(({ injected }) => injected);
    expect(counts.toSorted()).toEqual([1, 1, 1, 2]);
  });

  it('draws every planet from its own cell, in every layer one per cell', () => {
    const plan = planOf();
    const done: Injection[] = [];
    for (const injection of injections(hiding(plan))) done.push(injection);
    expect(new Set(done.slice(0, 12).map(({ column, row }) => `${column} ${row}`)).size).toBe(12);
    for (const { column, row, planet } of done) {
      expect(planet.periodDays).toBeGreaterThanOrEqual(plan.periodEdgesDays[column]);
      expect(planet.periodDays).toBeLessThan(plan.periodEdgesDays[column + 1]);
      expect(planet.radiusRatio).toBeGreaterThanOrEqual(plan.radiusRatioEdges[row]);
      expect(planet.radiusRatio).toBeLessThan(plan.radiusRatioEdges[row + 1]);
    }
  });

  it('spends more planets only where their share changes', () => {
    const plan = planOf(sector(), { columns: 3, rows: 6, layers: 3 });
    const done = all(plan);
    const { cells, injected, planned } = sensitivityMap(plan, done, 7.1);
    expect(injected).toBeLessThan(0.8 * planned);
    const first = done.slice(0, 18).map(({ recovered }) => recovered !== null);
    expect(new Set(first).size).toBe(2);
    for (const [i, cell] of cells.entries()) {
      const isAlike = (other: number) => first[other] === undefined || first[other] === first[i];
      const isSettled = isAlike(i - plan.columns) && isAlike(i + plan.columns);
      if (isSettled) expect(cell.injected).toBeLessThan(3);
      else expect(cell.injected).toBeGreaterThan(1);
    }
    // The same planets come, whatever was left out before them.
    const drawn = everywhere({ ...plan, layers: 1 });
    expect(done.slice(0, 18)).toEqual(drawn);
  });

  it('finds what reading, cleaning and searching for all planets finds of the same files', () => {
    const plan = planOf(sector(), { columns: 3, rows: 4, layers: 1 });
    for (const { planet, recovered } of all(plan)) {
      const injected = sector({ planets: [planet], limbDarkening: planet.limbDarkening });
      const { detrended, detrending, star: known } = prepare(injected, params);
      const { rounds } = search(detrended, known, { ...params, windowDays: detrending.windowDays });
      const isFound = rounds.some(({ signal }) => signal && isSame(signal, planet));
      expect(isFound).toBe(recovered !== null);
    }
  });

  it('averages each transit over the exposure of its own file', () => {
    const [short] = sector();
    const shift = 27.4;
    const long = {
      ...short,
      label: 'S2',
      exposureDays: 4 * short.exposureDays,
      timeDays: short.timeDays.map((time) => time + shift),
    };
    const { raw } = prepare([short, long], params);
    const [{ planet }] = all(planOf(sector(), { columns: 1, rows: 1, layers: 1 }));
    const flux = injectPlanet(raw, planet).flux.map((value, i) => value / raw.flux[i]);
    for (const [file, { exposureDays }] of [short, long].entries()) {
      const isOwn = (_: number, i: number) => raw.segment[i] === file;
      const own = transitFlux(planet, raw.timeDays.filter(isOwn), exposureDays);
      expect(own.some((value) => value < 1)).toBe(true);
      flux.filter(isOwn).forEach((value, i) => expect(value).toBeCloseTo(own[i], 12));
    }
  });

  it('takes known signals out first', () => {
    const known = { periodDays: 3.1, t0Days: 1327, radiusRatio: 0.06 };
    const prepared = prepare(sector({ planets: [known] }), params);
    const { rounds } = search(prepared.detrended, star, params);
    const signals = rounds.flatMap(({ signal }) => signal ?? []);
    expect(signals.length).toBeGreaterThan(0);
    const plan = withRadii(planOf(sector(), { columns: 2, rows: 1, layers: 1 }), 0.05, 0.055);
    const found = (more: Partial<Hidden>) =>
      shareOf([...injections(hiding(plan, { prepared, ...more }))]);
    expect(found({ signals })).toBe(1);
    expect(found({})).toBeLessThan(1); // the known one is found instead
  });

  it('tells how far each injection is', () => {
    const plan = planOf(sector(), { columns: 2, rows: 1, layers: 1 });
    const told: number[] = [];
    const telling = injections(hiding(plan, { report: (part) => told.push(part) }));
    while (!telling.next().done) {
      expect(told.length).toBeGreaterThan(2);
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      told.length = 0;
    }
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
