/** `lightfold train`: a version of a model out of a table, without a server. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { fromWire, trainingRecipe, type TrainingRecipe } from '#contracts';
import {
  recipeConfig,
  recipeTable,
  type Table,
  train,
  type TrainedSchema,
  TrainingInputError,
  trainingReportOf,
  versionFiles,
} from '#learning';
import { figureToSvg, modelFigures, modelPlotTitles } from '#figures';
import { VERSION } from '#platform/config';
import { CommandError, print, say } from '../output.js';
import { readTableFile } from './read-table-file.js';

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('Train a version of a model on a table')
    .argument('<recipe>', 'JSON: which columns, which model, which seed')
    .argument('<table>', 'CSV, plain or gzipped; lines that begin with # are left out')
    .requiredOption('--out <folder>', 'where the files of the version go')
    .action(run);
}

async function run(recipePath: string, tablePath: string, options: { out: string }): Promise<void> {
  const recipe = await readRecipe(recipePath);
  try {
    const schemas = await trainAll(recipe, await readTableFile(tablePath));
    const pictures = schemas.flatMap((schema) => picturesOf(schema, recipe));
    const { metadata, files } = versionFiles(
      {
        name: recipe.name,
        version: recipe.version,
        description: recipe.description,
        datasetVersion: recipe.datasetVersion,
        task: recipe.training.taskType,
        targetColumn: recipe.training.targetColumn,
        seed: recipe.training.seed,
        command: `lightfold train ${recipePath} TABLE --out FOLDER`,
        codeVersion: VERSION,
        finishedAt: new Date().toISOString(),
        plots: pictures,
      },
      schemas,
    );
    await mkdir(options.out, { recursive: true });
    for (const [file, bytes] of files) await writeFile(join(options.out, file), bytes);
    for (const { address, svg } of pictures) await writeFile(join(options.out, address), svg);
    print(`${metadata.name}@${metadata.version} is in ${options.out}`);
  } catch (cause) {
    if (!(cause instanceof TrainingInputError)) throw cause;
    throw new CommandError(cause.message, { cause });
  }
}

/** For the card: what each schema's model is worth. */
function picturesOf({ name, trained }: TrainedSchema, recipe: TrainingRecipe) {
  const report = trainingReportOf(trained);
  const target = `${recipe.name} ${recipe.version}, ${name}`;
  return modelFigures(report, { target }).map(([plot, figure]) => ({
    title: `${modelPlotTitles[plot]}, ${name}`,
    address: `${name}.${plot}.svg`,
    svg: figureToSvg(figure),
  }));
}

async function trainAll(recipe: TrainingRecipe, table: Table): Promise<TrainedSchema[]> {
  const schemas: TrainedSchema[] = [];
  for (const schema of recipe.schemas) {
    let shown = -1;
    const trained = await train(
      recipeTable(table, recipe, schema),
      recipeConfig(recipe, schema),
      ({ stage, progress, epoch, totalEpochs }) => {
        const tenth = Math.floor(10 * progress);
        if (tenth === shown) return;
        shown = tenth;
        say(`${schema.name}: ${stage}, ${epoch} of ${totalEpochs}, ${10 * tenth} %`);
      },
    );
    for (const [metric, value] of Object.entries(trained.evaluation.metrics)) {
      say(`${schema.name}: ${metric} ${value.toFixed(4)}`);
    }
    trained.warnings.forEach((warning) => say(`${schema.name}: ${warning}`));
    schemas.push({ name: schema.name, trained });
  }
  return schemas;
}

async function readRecipe(path: string): Promise<TrainingRecipe> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`${path}: cannot be read`, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${path}: is not JSON`, { cause });
  }
  const parsed = trainingRecipe.safeParse(json);
  if (parsed.success) return fromWire(trainingRecipe, parsed.data) as TrainingRecipe;
  const faults = parsed.error.issues.map(
    (issue) => `/${issue.path.map(String).join('/')}: ${issue.message}`,
  );
  throw new CommandError(`${path}: ${faults.join('; ')}`);
}
