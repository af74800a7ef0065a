export * from './balance.js';
export * from './calibrate.js';
export * from './examples.js';
export * from './fit.js';
export { goldenInputs, runGraph } from './golden.js';
export * from './linear/logistic-regression.js';
export * from './linear/ridge.js';
export * from './metrics/classification.js';
export * from './metrics/column-importances.js';
export * from './metrics/curves.js';
export * from './metrics/importances.js';
export * from './metrics/regression.js';
export { rSquared, scoreOf } from './metrics/score.js';
export * from './neighbours/k-nearest.js';
export * from './search.js';
export * from './split.js';
export * from './table/roles.js';
export * from './table/table.js';
export * from './table/target.js';
export * from './train.js';
export * from './trees/boosting.js';
export * from './trees/forest.js';
export { recipeConfig, recipeTable } from './versions/recipe-table.js';
export {
  type TrainedSchema,
  type TrainedVersion,
  type VersionFacts,
  versionFiles,
} from './versions/version-files.js';
