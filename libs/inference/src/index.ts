export * from './calibration.js';
export * from './drift.js';
export * from './input-error.js';
export * from './preprocessing.js';
