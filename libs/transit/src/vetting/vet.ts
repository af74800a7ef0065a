/** All vetting tests on one candidate, in a fixed order. */
import type { VettingTest } from '../types.js';
import { vettingContext, type VettingInput } from './context.js';
import { densityDuration } from './density-duration.js';
import { depthScatter } from './depth-scatter.js';
import { fitResidual } from './fit-residual.js';
import { oddEven } from './odd-even.js';
import { planetRadius } from './planet-radius.js';
import { secondary } from './secondary.js';
import { shape } from './shape.js';
import { singleEvent } from './single-event.js';
import { sinusoid } from './sinusoid.js';
import { transitCoverage } from './transit-coverage.js';
import { uniqueness } from './uniqueness.js';

const TESTS = [
  oddEven,
  secondary,
  planetRadius,
  shape,
  fitResidual,
  sinusoid,
  densityDuration,
  uniqueness,
  depthScatter,
  singleEvent,
  transitCoverage,
];

export function vet(input: VettingInput): VettingTest[] {
  const context = vettingContext(input);
  return TESTS.map((test) => test(context));
}
