/** The few hot loops, behind plain typed functions. */
export { foldCount, foldedPeriod, foldMaxima, foldPadding, foldRows, foldScratch } from './fold.js';
