import { describe, expect, it } from 'vitest';
import { costModel } from './model.mjs';

describe('the cost model of the scaling bench', () => {
  const sizes = [
    { points: 1e3, cost: 2e5 },
    { points: 1e4, cost: 1e7 },
    { points: 1e5, cost: 1e6 },
    { points: 1e6, cost: 1e9 },
  ];
  const costing = (call, perPoint, perAddition) =>
    sizes.map(({ points, cost }) => ({
      points,
      cost,
      cpuSeconds: call + perPoint * points + perAddition * cost,
    }));

  it('finds what a call, a point and an addition cost', () => {
    const model = costModel(costing(5e-3, 3e-7, 2e-10));
    expect(model.call).toBeCloseTo(5e-3, 8);
    expect(model.perPoint * 1e7).toBeCloseTo(3, 6);
    expect(model.perAddition * 1e10).toBeCloseTo(2, 6);
    expect(model.worstFactor).toBeCloseTo(1, 6);
  });

  it('says by how much the worst size is off', () => {
    const cells = costing(5e-3, 3e-7, 2e-10);
    cells[1].cpuSeconds *= 1.5;
    expect(costModel(cells).worstFactor).toBeGreaterThan(1.1);
  });
});
