/** All vetting tests on one candidate, in a fixed order. */
import type { VettingTest } from '../types.js';
import { asymmetry } from './asymmetry.js';
import { chases } from './chases.js';
import { vettingContext, type VettingInput } from './context.js';
import { densityDuration } from './density-duration.js';
import { depthMeanMedian } from './depth-mean-median.js';
import { depthScatter } from './depth-scatter.js';
import { epochDrift } from './epoch-drift.js';
import { fitResidual } from './fit-residual.js';
import { gaps } from './gaps.js';
import { goodTransits } from './good-transits.js';
import { negativeEvents } from './negative-events.js';
import { oddEvenTiming } from './odd-even-timing.js';
import { oddEven } from './odd-even.js';
import { planetRadius } from './planet-radius.js';
import { secondary } from './secondary.js';
import { segmentDepth } from './segment-depth.js';
import { shape } from './shape.js';
import { significance } from './significance.js';
import { sineShape } from './sine-shape.js';
import { singleEvent } from './single-event.js';
import { sinusoid } from './sinusoid.js';
import { steps } from './steps.js';
import { vShape } from './v-shape.js';
import { transitCoverage } from './transit-coverage.js';
import { uniqueness } from './uniqueness.js';

const TESTS = [
  oddEven,
  oddEvenTiming,
  secondary,
  planetRadius,
  shape,
  vShape,
  fitResidual,
  asymmetry,
  sinusoid,
  sineShape,
  densityDuration,
  uniqueness,
  significance,
  depthScatter,
  depthMeanMedian,
  segmentDepth,
  singleEvent,
  negativeEvents,
  steps,
  gaps,
  chases,
  goodTransits,
  epochDrift,
  transitCoverage,
];

export function vet(input: VettingInput): VettingTest[] {
  const context = vettingContext(input);
  return TESTS.map((test) => test(context));
}
