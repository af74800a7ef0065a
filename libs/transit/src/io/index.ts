export type { FileSummary } from './assess.js';
export { type FitterChoice, type FitterName, fitterOf } from './fitters.js';
export { type ValidationIssue } from './issues.js';
export { DEFAULT_READ_LIMITS, type ReadLimits } from './limits.js';
export {
  describeQuality,
  KEPLER_DEFAULT_MASK,
  KEPLER_QUALITY_FLAGS,
  type QualityFlag,
  TESS_DEFAULT_MASK,
  TESS_QUALITY_FLAGS,
} from './quality-flags.js';
export type { FileFormat } from './raw-curve.js';
export {
  type LightCurveSource,
  readLightCurve,
  type ReadOptions,
  type ReadResult,
} from './read-light-curve.js';
export {
  VALIDATION_CODES,
  type ValidationCode,
  type ValidationCodeEntry,
} from './validation-codes.js';
export { writeCsv } from './write-csv.js';
export { type FitsMetadata, writeFits } from './write-fits.js';
