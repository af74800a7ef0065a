import { describe, expect, it } from 'vitest';
import { detectionParams, forTargets } from './detection.js';

describe('forTargets', () => {
  const asked = (sensitivity?: 'always', targets = 1) =>
    forTargets(detectionParams.parse({ sensitivity }), targets).sensitivity;

  it('maps what could have been found of few targets, of many only where it is asked for', () => {
    expect([asked(), asked(undefined, 100), asked(undefined, 101)]).toEqual([
      'on_null',
      'on_null',
      'never',
    ]);
    expect(asked('always', 20_000)).toBe('always');
  });
});
