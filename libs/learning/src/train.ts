/**
 * From a table to a model that can be registered: split, preprocessing, balance, search, fit,
 * calibration, metrics, ONNX. The test rows are seen by nothing that chooses; the watched rows stop
 * the rounds of boosting and choose the calibration.
 *
 * Runs to its end without I/O but that of ONNX Runtime; who wants to cancel ends the thread. The same
 * table and config give the same bytes.
 */
import { createHash } from 'node:crypto';
import type {
  Calibration,
  ColumnsPreprocessing,
  Evaluation,
  GoldenInputs,
  ModelConfig,
  TrainingConfig,
} from '#contracts';
import { featureCount } from '#inference';
import { seededRandom } from '#transit';
import { withClassWeights, withSmote } from './balance.js';
import { calibrateAll, chooseCalibration } from './calibrate.js';
import { type Examples, type FittedModel, type Report } from './examples.js';
import { fitModel, isTreeModel } from './fit.js';
import { goldenInputs } from './golden.js';
import { type ColumnImportance, importancesOf } from './metrics/column-importances.js';
import { type ClassificationReport, classificationReport } from './metrics/classification.js';
import { regressionMetrics } from './metrics/regression.js';
import { scoreOf } from './metrics/score.js';
import { GraphWriter, INPUT } from './onnx/graph-writer.js';
import { examplesOf, learntExamplesOf } from './preprocess/features.js';
import { fitPreprocessing } from './preprocess/fit.js';
import { searchSettings } from './search.js';
import { holdOut, kFolds, type SplitBy } from './split.js';
import { type RoledColumn, rolesOf } from './table/roles.js';
import { columnNamed, type Table, TrainingInputError } from './table/table.js';
import { leaksOf, type Target, targetOf } from './table/target.js';

export interface TrainingProgress {
  readonly stage: 'search' | 'folds' | 'fit' | 'evaluate';
  /** Of the whole, 0 to 1, never falling. */
  readonly progress: number;
  /** Trees, rounds, iterations, trials or folds of this stage. */
  readonly epoch: number;
  readonly totalEpochs: number;
  /** Of rows that are not learnt from. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface TrainedModel {
  /** ONNX. */
  readonly model: Uint8Array;
  readonly tensors: { readonly input: string; readonly output: string };
  readonly features: number;
  readonly preprocessing: ColumnsPreprocessing;
  readonly golden: GoldenInputs;
  readonly calibration: Calibration;
  readonly evaluation: Evaluation;
  /** Sorted; empty for a regression. */
  readonly labels: readonly string[];
  /** On the test rows, after calibration; null for a regression. */
  readonly classification: ClassificationReport | null;
  readonly importances: readonly ColumnImportance[];
  /** As it was fitted, with what a search found. */
  readonly modelConfig: ModelConfig;
  /** Score of each fold that was held out; empty where none was asked for. */
  readonly foldScores: readonly number[];
  readonly roles: readonly RoledColumn[];
  readonly warnings: readonly string[];
  readonly trainingRows: number;
}

/** Of the rows that are not for the test: they watch, stop and calibrate. */
const WATCHED_SHARE = 0.15;
/** Of the rows that are learnt from: they judge the settings of a search. */
const JUDGING_SHARE = 0.25;
/** Shares of the whole that the stages are shown as. */
const SHOWN = { search: 0.4, folds: 0.3, evaluate: 0.1 };

/**
 * @throws {TrainingInputError} which names the column or field that no model can be trained with
 */
export async function train(
  table: Table,
  config: TrainingConfig,
  onProgress: (progress: TrainingProgress) => void = () => undefined,
): Promise<TrainedModel> {
  const roles = rolesOf(table, config.targetColumn, config.roles);
  const target = targetOf(table, config.targetColumn, config.taskType);
  const random = seededRandom(config.seed);
  const by = splitBy(table, roles, target, config);
  const test = holdOut(by, config.split.testShare, random);
  const rest = holdOut(within(by, test.train), WATCHED_SHARE, random);
  const learnt = rest.train.map((i) => test.train[i]);
  const watched = rest.held.map((i) => test.train[i]);
  checkParts(target, [learnt, watched, test.held]);

  const work = new Work(table, roles, target, config);
  const show = shown(config, onProgress);
  const { spec, examples } = work.prepare(learnt);
  const watch = examplesOf(table, spec, target, watched);
  const modelConfig = config.search ? work.search(learnt, by, show('search')) : config.modelConfig;
  const foldScores = work.crossValidate(modelConfig, test.train, by, show('folds'));
  const model = fitModel(modelConfig, work.balance(examples), {
    seed: config.seed,
    watch,
    report: show('fit'),
  });

  const { classes } = examples;
  const isCalibrated = classes > 0 && config.calibrate;
  const calibration: Calibration = isCalibrated
    ? chooseCalibration(watch.targets, model.predict(watch.values), classes).calibration
    : { method: 'none' };
  const tested = examplesOf(table, spec, target, test.held);
  const said = model.predict(tested.values);
  const classification =
    classes > 0
      ? classificationReport(
          tested.targets,
          calibrateAll(calibration, said, classes),
          target.labels,
        )
      : null;
  const metrics = classification?.metrics ?? regressionMetrics(tested.targets, said);
  show('evaluate')(1, 2, metrics);
  const importances = importancesOf(model, spec, tested, seededRandom(config.seed + 1));
  const output = classes > 0 ? 'probabilities' : 'value';
  const bytes = exported(model, output, featureCount(spec));
  const golden = await goldenInputs(bytes, spec, calibration, seededRandom(config.seed + 2));
  show('evaluate')(2, 2, metrics);
  return {
    model: bytes,
    tensors: { input: INPUT, output },
    features: featureCount(spec),
    preprocessing: spec,
    golden,
    calibration,
    evaluation: {
      set: {
        name: `${Math.round(100 * config.split.testShare)} % held out, seed ${config.seed}`,
        sha256: sha256Of(table, target, test.held),
        rows: tested.rows,
      },
      decisive: classes > 0 ? 'macro_auc' : 'r2',
      metrics: { ...metrics },
    },
    labels: target.labels,
    classification,
    importances,
    modelConfig,
    foldScores,
    roles,
    warnings: leaksOf(table, roles, target),
    trainingRows: learnt.length,
  };
}

export function exported(
  model: FittedModel,
  output: 'probabilities' | 'value',
  features: number,
): Uint8Array {
  const graph = new GraphWriter();
  return graph.finish(model.write(graph, INPUT), output, features, model.outputs);
}

/** What is done alike for the final fit, for each fold and for a search. */
class Work {
  constructor(
    private readonly table: Table,
    private readonly roles: readonly RoledColumn[],
    private readonly target: Target,
    private readonly config: TrainingConfig,
  ) {}

  /** Preprocessing fitted to some rows, and these rows as examples. */
  prepare(members: Int32Array): { spec: ColumnsPreprocessing; examples: Examples } {
    const { table, roles, target, config } = this;
    const isTree = isTreeModel(config.modelConfig);
    const options = { isTree, encoding: config.encoding, encodings: config.encodings };
    const spec = fitPreprocessing(table, roles, target, members, options);
    const random = seededRandom(config.seed + 3);
    return { spec, examples: learntExamplesOf(table, spec, target, members, random) };
  }

  balance(examples: Examples): Examples {
    if (this.config.imbalance === 'class_weights') return withClassWeights(examples);
    if (this.config.imbalance === 'none') return examples;
    return withSmote(examples, seededRandom(this.config.seed + 4));
  }

  search(learnt: Int32Array, by: SplitBy, report: Report): ModelConfig {
    const { config, table, target } = this;
    const random = seededRandom(config.seed + 5);
    const parts = holdOut(within(by, learnt), JUDGING_SHARE, random);
    const { spec, examples } = this.prepare(parts.train.map((i) => learnt[i]));
    const judging = examplesOf(
      table,
      spec,
      target,
      parts.held.map((i) => learnt[i]),
    );
    const wish = { ...config.search!, seed: config.seed };
    const balanced = this.balance(examples);
    const onTrial = (done: number, total: number, trial: { loss: number }) =>
      report(done, total, { loss: trial.loss });
    return searchSettings(config.modelConfig, balanced, judging, wish, onTrial)[0].config;
  }

  crossValidate(
    modelConfig: ModelConfig,
    members: Int32Array,
    by: SplitBy,
    report: Report,
  ): number[] {
    const { config, table, target } = this;
    if (config.folds === 0) return [];
    const random = seededRandom(config.seed + 6);
    return kFolds(within(by, members), config.folds, random).map(({ train, held }, fold) => {
      const { spec, examples } = this.prepare(train.map((i) => members[i]));
      const judged = examplesOf(
        table,
        spec,
        target,
        held.map((i) => members[i]),
      );
      const model = fitModel(modelConfig, this.balance(examples), { seed: config.seed });
      const metrics = scoreOf(judged, model.predict(judged.values));
      report(fold + 1, config.folds, metrics);
      return Object.values(metrics)[0];
    });
  }
}

function splitBy(
  table: Table,
  roles: readonly RoledColumn[],
  target: Target,
  config: TrainingConfig,
): SplitBy {
  const rows = target.rows.length;
  const group = roles.find(({ role }) => role === 'group');
  const usual = group ? 'group' : target.labels.length > 0 ? 'stratified' : 'random';
  const method = config.split.method ?? usual;
  if (method === 'random') return { rows };
  if (method === 'stratified') return { rows, strata: target.values };
  if (!group) {
    throw new TrainingInputError('split.method', 'No column has the role of a group.');
  }
  const { cells } = columnNamed(table, group.name, 'split.method');
  const numbers = new Map<string, number>();
  // A row without a group is a group of its own.
  const groups = Array.from(target.rows, (row) => {
    const key = cells[row] === null ? `row ${row}` : `group ${cells[row]}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
  return { rows, groups };
}

/** The same, of some of the rows. */
function within(by: SplitBy, members: Int32Array): SplitBy {
  const of = (keys: ArrayLike<number> | undefined) =>
    keys && Array.from(members, (member) => keys[member]);
  return { rows: members.length, strata: of(by.strata), groups: of(by.groups) };
}

/** Every class must be learnt, and something must be left to judge by. */
function checkParts({ labels, values }: Target, [learnt, ...others]: Int32Array[]): void {
  if (others.some((part) => part.length === 0)) {
    throw new TrainingInputError('split', 'Nothing is left to hold out: too few groups or rows.');
  }
  labels.forEach((label, k) => {
    if (learnt.some((place) => values[place] === k)) return;
    const detail = `No row of class "${label}" is left to learn from.`;
    throw new TrainingInputError('split', detail);
  });
}

/** Reports of each stage, as shares of the whole. */
function shown(config: TrainingConfig, onProgress: (progress: TrainingProgress) => void) {
  const search = config.search ? SHOWN.search : 0;
  const folds = config.folds > 0 ? SHOWN.folds : 0;
  const starts = { search: 0, folds: search, fit: search + folds, evaluate: 1 - SHOWN.evaluate };
  const widths = { search, folds, fit: starts.evaluate - starts.fit, evaluate: SHOWN.evaluate };
  return (stage: TrainingProgress['stage']): Report =>
    (done, total, metrics) =>
      onProgress({
        stage,
        progress: starts[stage] + (widths[stage] * done) / total,
        epoch: done,
        totalEpochs: total,
        metrics,
      });
}

/** Of the test rows as they were uploaded: names, then cells, in the order of the table. */
function sha256Of(table: Table, target: Target, members: Int32Array): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(table.columns.map(({ name }) => name)));
  for (const place of members) {
    hash.update(JSON.stringify(table.columns.map(({ cells }) => cells[target.rows[place]])));
  }
  return hash.digest('hex');
}
