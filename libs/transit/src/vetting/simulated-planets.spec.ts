/** No test speaks against simulated planets, whatever their size, period, impact and noise. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { axisRatioFromDensity } from '../transit-model.js';
import { vet } from './vet.js';
import { anInput } from './vetting.fixture.js';

const PLANETS = 60;

function verdictsOfPlanets(): Map<string, string[]> {
  const random = seededRandom(26);
  const verdicts = new Map<string, string[]>();
  for (let seed = 1; seed <= PLANETS; seed++) {
    const periodDays = 0.8 * 40 ** random.uniform();
    const radiusRatio = 0.01 * 12 ** random.uniform();
    // From weak, 8 sigma all transits together, to clear.
    const inTransit = (90 / periodDays) * 144 * 0.12 * Math.cbrt(periodDays / 10);
    const noise = (radiusRatio ** 2 * Math.sqrt(inTransit)) / (8 + 40 * random.uniform());
    const input = anInput({
      model: {
        periodDays,
        radiusRatio,
        impact: 0.85 * random.uniform(),
        axisRatio: axisRatioFromDensity(periodDays, 1.41),
      },
      days: 90,
      noise,
      seed,
      file: (time) => (time < 45 ? 0 : 1),
    });
    for (const { test, verdict, message } of vet(input)) {
      const said = verdict === 'fail' ? `planet ${seed}: ${message}` : verdict;
      verdicts.set(test, [...(verdicts.get(test) ?? []), said]);
    }
  }
  return verdicts;
}

describe('vetting of simulated planets', () => {
  const verdicts = verdictsOfPlanets();

  it.each([...verdicts.keys()])('B.26 %s is silent', (test) => {
    const said = verdicts.get(test)!;
    expect(said.filter((verdict) => verdict.startsWith('planet'))).toEqual([]);
    expect(said.filter((verdict) => verdict !== 'not_computable').length).toBeGreaterThan(0);
  });

  it('B.26 are at least 18 tests', () => {
    expect(verdicts.size).toBeGreaterThanOrEqual(18);
  });
});
