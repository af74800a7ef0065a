/** Entry file of a worker thread: reads a table, trains a model on it, stores the version's files. */
import type { ModelMetadata, TrainingConfig, TrainingReport } from '#contracts';
import { figureToPng, figureToSvg, modelFigures, modelPlotTitles } from '#figures';
import {
  type Table,
  tableOf,
  train,
  TrainingInputError,
  trainingReportOf,
  type TrainingProgress,
  type VersionFacts,
  versionFiles,
} from '#learning';
import { TaskError } from '../tasks/task-error.js';
import type { ThreadNote } from '../tasks/thread-pool.js';
import type { TableToLearn } from '../training/training.repository.js';
import { contentTypeOf, plotFile, SCHEMA } from '../training/version-objects.js';
import { readTable, type TableLimits } from '../validation/read-table.js';
import { withProgress } from './byte-progress.js';
import { changedFile } from './changed-file.js';
import { threadFunction, type ThreadTools } from './thread-call.js';

export interface TrainingInput {
  readonly file: TableToLearn;
  readonly limits: TableLimits;
  readonly config: TrainingConfig;
  /** Put before the name of each object that is stored. */
  readonly folder: string;
  readonly facts: Omit<VersionFacts, 'plots'>;
}

export interface TrainingOutput {
  readonly metadata: ModelMetadata;
  readonly report: TrainingReport;
}

/** Shares of the whole: the training is nearly all of it. */
const LOADED = 5;
const TRAINED = 95;

export default threadFunction<TrainingInput, TrainingOutput>(async (input, tools) => {
  const { config, facts, folder } = input;
  const table = await load(input, tools);
  const trained = await train(table, config, (each) => tools.note(noteOf(each))).catch(asTaskError);
  const report = trainingReportOf(trained);
  const plots = report.plots.map((name) => ({
    title: modelPlotTitles[name],
    address: `plots/${plotFile(name, 'svg')}`,
  }));
  const { metadata, files } = versionFiles({ ...facts, plots }, [{ name: SCHEMA, trained }]);
  const drawn = drawings(report, `${facts.name} ${facts.version}`);
  for (const [file, bytes] of [...files, ...drawn]) {
    const key = folder + file;
    const message = `Storing ${file}`;
    tools.note({ type: 'progress', stage: 'store', progress: TRAINED, message });
    tools.note({ type: 'object', key });
    await tools.store.put(key, bytes, contentTypeOf(file));
  }
  return { metadata, report };
});

/** Nothing is believed of an object but its checksum, which validation has recorded. */
async function load({ file, limits }: TrainingInput, tools: ThreadTools): Promise<Table> {
  const note = (share: number): void => {
    const message = `Reading ${file.filename}`;
    tools.note({ type: 'progress', stage: 'load', progress: LOADED * share, message });
  };
  note(0);
  const object = await tools.store.get(file.objectKey);
  const stream = withProgress(object.stream, file.sizeBytes, note);
  const rows: (readonly string[])[] = [];
  const { sha256, summary } = await readTable(
    { filename: file.filename, sizeBytes: file.sizeBytes, stream },
    { limits, onRow: (cells) => rows.push(cells) },
  );
  if (sha256 !== file.sha256 || !summary) throw changedFile(file.filename);
  return tableOf(summary.columns, rows);
}

const STAGES: Readonly<Record<Exclude<TrainingProgress['stage'], 'evaluate'>, string>> = {
  search: 'Searching settings',
  folds: 'Cross-validating',
  fit: 'Training',
};

function noteOf({ stage, progress, epoch, totalEpochs, metrics }: TrainingProgress): ThreadNote {
  const known = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  const figures = known.slice(0, 1).map(([name, value]) => `, ${name} ${value.toFixed(4)}`);
  const shown = {
    type: 'progress',
    stage,
    progress: LOADED + (TRAINED - LOADED) * progress,
  } as const;
  // Its two steps are no epochs.
  if (stage === 'evaluate') return { ...shown, message: `Evaluating${figures.join('')}` };
  return {
    ...shown,
    message: `${STAGES[stage]}: ${epoch} of ${totalEpochs}${figures.join('')}`,
    epochs: { epoch, total_epochs: totalEpochs, metrics: Object.fromEntries(known) },
  };
}

/** Every plot as both SVG and PNG. */
function drawings(report: TrainingReport, target: string): [file: string, bytes: Uint8Array][] {
  const files: [string, Uint8Array][] = [];
  for (const [name, figure] of modelFigures(report, { target })) {
    files.push([plotFile(name, 'svg'), new TextEncoder().encode(figureToSvg(figure))]);
    files.push([plotFile(name, 'png'), figureToPng(figure)]);
  }
  return files;
}

/** A table that nothing can be learnt from is its owner's to mend. */
function asTaskError(error: unknown): never {
  if (!(error instanceof TrainingInputError)) throw error;
  throw new TaskError('usage', 'cannot_train', error.message, { cause: error });
}
