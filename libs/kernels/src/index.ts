/** The few hot loops, behind plain typed functions. */
export {
  foldCount,
  foldedPeriod,
  foldMaxima,
  foldPadding,
  foldRows,
  SHORTEST_BASE,
} from './fold.js';
export { foldMaximaReference } from './fold.reference.js';
