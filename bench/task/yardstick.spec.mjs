import { describe, expect, it } from 'vitest';
import { onTheMachineOfTheTargets } from './yardstick.mjs';

const there = { search: 100, fit: 1, plots: 4 };

describe('the machine of the targets', () => {
  it('is this one where the peers take what they took there', () => {
    const result = {
      cpuSeconds: 9,
      stages: { read: 1, search: 3, fit: 2, plots: 2 },
      peers: there,
    };
    expect(onTheMachineOfTheTargets(result, there)).toEqual({ cpuSeconds: 9, least: 1, most: 1 });
  });

  it('divides each step by how much slower its own peer is, and the rest by the usual', () => {
    const peers = { search: 200, fit: 4, plots: 12 }; // 2, 4 and 3 times as long
    const stages = { read: 3, search: 6, fit: 8, plots: 9 };
    const result = { cpuSeconds: 29, stages, peers };
    expect(onTheMachineOfTheTargets(result, there)).toEqual({
      cpuSeconds: 1 + 3 + 2 + 3 + 1,
      least: 2,
      most: 4,
    });
  });

  it('does not guess where a peer is missing', () => {
    const result = { cpuSeconds: 9, stages: { search: 9 }, peers: { search: 100 } };
    expect(() => onTheMachineOfTheTargets(result, there)).toThrow(/peers .*search, fit, plots/);
  });
});
