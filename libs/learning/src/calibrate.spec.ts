import { seededRandom } from '#transit';
import { describe, expect, it } from 'vitest';
import { calibrateAll, chooseCalibration, isotonic } from './calibrate.js';
import { logLoss } from './metrics/classification.js';

/** Probabilities whose logits are `factor` times the true ones. */
function overconfident(rows: number, factor: number, seed: number) {
  const random = seededRandom(seed);
  const truth = new Float64Array(rows);
  const said = new Float64Array(2 * rows);
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  for (let i = 0; i < rows; i++) {
    const logit = 2 * random.normal();
    truth[i] = random.uniform() < sigmoid(logit) ? 1 : 0;
    said[2 * i + 1] = sigmoid(factor * logit);
    said[2 * i] = 1 - said[2 * i + 1];
  }
  return { truth, said };
}

describe('the choice of a calibration', () => {
  it('finds the temperature of what is too sure of itself', () => {
    const { truth, said } = overconfident(3000, 3, 1);
    const { calibration } = chooseCalibration(truth, said, 2);
    expect(calibration.method).toBe('temperature');
    expect(calibration.method === 'temperature' && calibration.temperature).toBeCloseTo(3, 0);
  });

  it('takes isotonic steps where no temperature helps', () => {
    const { truth, said } = overconfident(3000, 1, 2);
    const bent = said.map((p, at) => (at % 2 ? p ** 4 : 1 - said[at + 1] ** 4));
    expect(chooseCalibration(truth, bent, 2).calibration.method).toBe('isotonic');
  });

  it.each([0.3, 1, 4])('never worsens the log loss it chose by, of logits times %d', (factor) => {
    for (const rows of [100, 1000]) {
      const { truth, said } = overconfident(rows, factor, 3);
      const { calibration } = chooseCalibration(truth, said, 2);
      const after = logLoss(truth, calibrateAll(calibration, said, 2), 2);
      expect(after).toBeLessThanOrEqual(logLoss(truth, said, 2));
    }
  });

  it('lowers the log loss of other rows of the same kind', () => {
    const { truth, said } = overconfident(3000, 3, 1);
    const { calibration } = chooseCalibration(truth, said, 2);
    const other = overconfident(3000, 3, 9);
    const after = logLoss(other.truth, calibrateAll(calibration, other.said, 2), 2);
    expect(after).toBeLessThan(0.8 * logLoss(other.truth, other.said, 2));
  });

  it('pools neighbours until nothing descends', () => {
    const { from, to } = isotonic(Float64Array.of(1, 2, 3, 4), Float64Array.of(0, 1, 0, 1));
    expect(from).toEqual([1, 2.5, 4]);
    expect(to[1]).toBe(0.5);
    expect(isotonic(Float64Array.of(1, 1), Float64Array.of(0, 1)).to).toEqual([0.5, 0.5]);
  });
});
