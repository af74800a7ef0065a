import { describe, expect, it } from 'vitest';
import { compare, type Ephemeris, matchCandidates } from './match.js';

const aSignal = (fields: Partial<Ephemeris> & { name?: string } = {}) => ({
  name: 'x',
  target: 'KIC 1',
  periodDays: 10,
  t0Bjd: 2_455_000,
  durationHours: 4,
  ...fields,
});

describe('compare', () => {
  it('B.8 takes periods within 1 % and epochs within half a transit for the same signal', () => {
    const a = aSignal();
    expect(compare(a, aSignal({ periodDays: 10.09 }))).not.toBeNull();
    expect(compare(a, aSignal({ periodDays: 10.11 }))).toBeNull();
    expect(compare(a, aSignal({ t0Bjd: a.t0Bjd + 1.9 / 24 }))).not.toBeNull();
    expect(compare(a, aSignal({ t0Bjd: a.t0Bjd + 2.1 / 24 }))).toBeNull();
  });

  it('carries an epoch over whole orbits, forwards and backwards', () => {
    const a = aSignal();
    expect(compare(a, aSignal({ t0Bjd: a.t0Bjd + 370 }))).toMatchObject({
      epochDifferenceHours: 0,
    });
    expect(compare(a, aSignal({ t0Bjd: a.t0Bjd - 50 + 1 / 24 }))?.epochDifferenceHours).toBeCloseTo(
      1,
      6,
    );
    expect(compare(a, aSignal({ t0Bjd: a.t0Bjd + 375 }))).toBeNull();
  });

  it('lets each period carry its own epoch: after 100 orbits a mean one would miss', () => {
    // b's period, 0.02 % longer, leads from a's epoch to b's in exactly 100 orbits.
    const b = aSignal({ periodDays: 10.002, t0Bjd: 2_455_000 + 1000.2 });
    expect(compare(aSignal(), b)?.epochDifferenceHours).toBeCloseTo(0, 5);
  });

  it('does not take half or twice the period for the same signal', () => {
    expect(compare(aSignal(), aSignal({ periodDays: 5 }))).toBeNull();
    expect(compare(aSignal(), aSignal({ periodDays: 20 }))).toBeNull();
  });

  it('never matches other targets, nor what is not a number', () => {
    expect(compare(aSignal(), aSignal({ target: 'KIC 2' }))).toBeNull();
    expect(compare(aSignal(), aSignal({ periodDays: NaN }))).toBeNull();
    expect(compare(aSignal(), aSignal({ t0Bjd: NaN }))).toBeNull();
  });

  it('takes single events for the same one by their epoch alone', () => {
    const event = aSignal({ periodDays: null });
    const nearby = aSignal({ periodDays: null, t0Bjd: event.t0Bjd + 1 / 24 });
    expect(compare(event, nearby)).toMatchObject({ periodDifference: null });
    expect(compare(event, aSignal({ periodDays: null, t0Bjd: event.t0Bjd + 10 }))).toBeNull();
    expect(compare(event, aSignal())).toBeNull();
    expect(compare(aSignal(), event)).toBeNull();
  });

  it('is the same both ways', () => {
    const [a, b] = [aSignal(), aSignal({ periodDays: 10.05, t0Bjd: 2_455_010.1 })];
    expect(compare(a, b)?.epochDifferenceHours).toBeCloseTo(compare(b, a)!.epochDifferenceHours, 9);
    expect(compare(a, b)?.periodDifference).toBe(compare(b, a)!.periodDifference);
  });
});

describe('matchCandidates', () => {
  it('gives each candidate one partner, the closest, and keeps what is left over', () => {
    const a1 = aSignal({ name: 'a1', periodDays: 10.0 });
    const a2 = aSignal({ name: 'a2', periodDays: 10.05 });
    const b1 = aSignal({ name: 'b1', periodDays: 10.04 });
    const { matched, onlyA, onlyB } = matchCandidates([a1, a2], [b1]);
    expect(matched.map(({ a, b }) => [a.name, b.name])).toEqual([['a2', 'b1']]);
    expect(onlyA.map(({ name }) => name)).toEqual(['a1']);
    expect(onlyB).toEqual([]);
  });

  it('matches several planets of several targets, in the order of the first list', () => {
    const planets = [
      aSignal({ name: 'p', periodDays: 3 }),
      aSignal({ name: 'q', periodDays: 7 }),
      aSignal({ name: 'r', target: 'KIC 2', periodDays: 3 }),
    ];
    const { matched, onlyA, onlyB } = matchCandidates(planets, planets.toReversed());
    expect(matched.map(({ a, b }) => a.name + b.name)).toEqual(['pp', 'qq', 'rr']);
    expect([...onlyA, ...onlyB]).toEqual([]);
  });

  it('answers the same whatever the order of the second list, also for ties', () => {
    const b = [9.99, 10, 10.01].map((periodDays) => aSignal({ periodDays, name: `${periodDays}` }));
    const [one, other] = [b, b.toReversed()].map((list) => matchCandidates([aSignal()], list));
    expect(one.matched[0].b.name).toBe('10');
    expect(other.matched[0].b.name).toBe('10');
  });

  it('has nothing to match in empty lists', () => {
    expect(matchCandidates([], [])).toEqual({ matched: [], onlyA: [], onlyB: [] });
  });
});
