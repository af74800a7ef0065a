import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { detectionParams, type DetectionParams, forTargets, fromWire, toWire } from '#contracts';
import {
  candidateFigures,
  figureToPng,
  figureToSvg,
  jobCandidates,
  jobReport,
  reportModel,
  reportProvenance,
  targetReport,
} from '#figures';
import { readFitters, RUNTIME, SettingsError, VERSION } from '#platform/config';
import type { FrozenPolicy } from '#platform/policies';
import {
  type AsyncTransitFitter,
  type Classifier,
  detectAsync,
  provenanceRecord,
  type TransitFitter,
} from '#transit';
import { fitterOf } from '#transit/io';
import { readLocalFile } from '../local-file.js';
import { CommandError, print, say, UsageError } from '../output.js';
import { bar } from '../progress.js';
import { chosenClassifier } from './classifiers.js';
import { chosenPolicy } from './policies.js';
import { candidateTable, resultsJson } from './show.js';
import { type Detected, groupByTarget, type InputFile, type TargetInput } from './targets.js';

interface Options {
  minPeriod?: string;
  maxPeriod?: string;
  maxPlanets?: string;
  minSnr?: string;
  detrend?: string;
  window?: string;
  method?: string;
  falseAlarmTrials?: string;
  sensitivity?: string;
  fitter?: string;
  models?: string | boolean;
  policy?: string;
  seed?: string;
  target?: string;
  json?: boolean;
  report?: string;
  plots?: string;
}

export function addDetectCommand(program: Command): void {
  program
    .command('detect')
    .description('Search light curves for planets; files of one target are stitched')
    .argument('<file...>', 'FITS, CSV, TSV or ECSV, plain or gzipped')
    .option('--min-period <days>', 'shortest trial period (0.5)')
    .option('--max-period <days>', 'longest trial period (half the baseline, at most 500)')
    .option('--max-planets <n>', 'planets sought per target (6)')
    .option('--min-snr <snr>', 'weaker signals are not reported (7.1)')
    .option('--detrend <method>', 'biweight, median, none (biweight)')
    .option('--window <days>', 'window of the trend (from the longest duration)')
    .option('--method <method>', 'folding, bls (folding)')
    .option(
      '--false-alarm-trials <n>',
      'scrambled curves searched for the false-alarm probability (as many as are needed, at most 10)',
    )
    .option(
      '--sensitivity <when>',
      'measure what could have been found: never, on_null, always (on_null)',
    )
    .option(
      '--fitter <name>',
      'who fits transits: local, remote (the service at TRANSIT_FITTER_URL), mock (TRANSIT_FITTER, else local)',
    )
    .option(
      '--models <folder>',
      'registry of the models that are asked (MODEL_REGISTRY_PATH, else those that came with it)',
    )
    .option('--no-models', 'ask no model: a formula says how likely a candidate is a planet')
    .option(
      '--policy <file>',
      'learnt policy that decides: the answer of GET /api/v1/policies/{number} (thresholds)',
    )
    .option('--seed <n>', 'seed of everything random (1)')
    .option('--target <name>', 'take all files as this one target')
    .option('--json', 'print the results as JSON, as the api answers them')
    .option('--report <file>', 'write a PDF report')
    .option('--plots <folder>', 'write the plots as SVG and PNG')
    .action(run);
}

async function run(paths: string[], options: Options): Promise<void> {
  const policy = await chosenPolicy(options.policy);
  const params = { ...paramsOf(options), policy: policy?.policy.name ?? null };
  const fitter = chosenFitter(options.fitter);
  const classifier = await chosenClassifier(folderOf(options.models));
  const targets = groupByTarget(await readAll(paths), options.target);
  if (targets.length === 0) throw new CommandError('No file can be searched');

  const detected: Detected[] = [];
  const chosen = forTargets(params, targets.length);
  const answering = { fitter, classifier, policy };
  for (const input of targets) detected.push(await search(input, chosen, answering));

  if (options.json) print(JSON.stringify(resultsJson(detected), null, 2));
  else print(candidateTable(detected));
  if (options.plots) await writePlots(detected, options.plots);
  if (options.report) await writeReport(detected, options.report);
}

/** @throws {UsageError} naming the option that is wrong. */
export function paramsOf(options: Options): DetectionParams {
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const given = {
    min_period_days: number(options.minPeriod),
    max_period_days: number(options.maxPeriod),
    max_planets: number(options.maxPlanets),
    min_snr: number(options.minSnr),
    window_days: number(options.window),
    false_alarm_trials: number(options.falseAlarmTrials),
    sensitivity: options.sensitivity,
    seed: number(options.seed),
    detrend: options.detrend,
    method: options.method,
  };
  const parsed = detectionParams.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0])
        .replace(/_days$/, '')
        .replaceAll('_', '-');
      return `--${name} ${issue.message}`;
    });
    throw new UsageError(faults.join('; '));
  }
  const { min_period_days: shortest, max_period_days: longest } = parsed.data;
  if (longest !== null && longest <= shortest) {
    throw new UsageError(`--max-period ${longest} must be longer than --min-period ${shortest}`);
  }
  return fromWire(detectionParams, parsed.data) as DetectionParams;
}

/** The environment's fitter, or the one that is asked for: then the rest is as the environment says. */
function chosenFitter(name: string | undefined): TransitFitter | AsyncTransitFitter {
  const asked = name === undefined ? {} : { TRANSIT_FITTER: name };
  try {
    return fitterOf(readFitters({ ...process.env, ...asked }));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new UsageError(name === undefined ? error.message : `--fitter ${name}: ${error.message}`);
  }
}

/** Of commander: true where neither option was given. */
const folderOf = (models: string | boolean | undefined) =>
  typeof models === 'string' ? models : models === false ? false : undefined;

/** Says what is wrong with each file; one that cannot be read has no segment. */
export async function readAll(paths: readonly string[]): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    const report = await readLocalFile(path);
    for (const { severity, code, message } of report.issues) {
      say(`${path}: ${severity} ${code}: ${message}`);
    }
    if (!report.segment) process.exitCode = 1;
    files.push({ path, report });
  }
  return files;
}

/** Who answers for the pipeline. */
interface Answering {
  /** @default the local fit */
  readonly fitter?: TransitFitter | AsyncTransitFitter;
  readonly classifier: Classifier;
  /** null: the thresholds. */
  readonly policy: FrozenPolicy | null;
}

export async function search(
  input: TargetInput,
  wanted: DetectionParams,
  answering: Answering,
): Promise<Detected> {
  const params = forTargets(wanted, 1);
  const progress = bar(input.target);
  try {
    const result = await detectAsync(
      input.segments,
      params,
      (_, fraction, message) => progress.update(fraction, message),
      { ...answering, policy: answering.policy?.policy },
    );
    progress.end();
    say(`${input.target}: ${result.detrending.reason}`);
    for (const warning of result.warnings) say(`${input.target}: ${warning}`);
    const provenance = provenanceRecord(result, {
      codeVersion: VERSION,
      runtime: RUNTIME,
      inputs: [...input.files],
      params: toWire(detectionParams, params) as Record<string, unknown>,
      seed: params.seed,
      policy: answering.policy && {
        name: answering.policy.policy.name,
        sha256: answering.policy.sha256,
      },
    });
    return { input, result: { ...result, target: input.target }, provenance };
  } finally {
    progress.end();
  }
}

async function writePlots(detected: readonly Detected[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { input, result } of detected) {
    for (const candidate of result.candidates) {
      for (const [name, figure] of Object.entries(candidateFigures(result, candidate))) {
        const stem = join(folder, `${plainName(input.target)}-${candidate.rank}-${name}`);
        await writeFile(`${stem}.svg`, figureToSvg(figure));
        await writeFile(`${stem}.png`, figureToPng(figure));
      }
    }
  }
  say(`Plots are in ${folder}`);
}

async function writeReport(detected: readonly Detected[], path: string): Promise<void> {
  const createdAt = new Date().toISOString();
  const models = detected.map(({ result, provenance }) =>
    reportModel(result, reportProvenance(provenance)),
  );
  const summary = {
    jobId: 'lightfold detect',
    dataset: detected.flatMap(({ input }) => input.files.map((file) => file.filename)).join(', '),
    createdAt,
    codeVersion: VERSION,
    targets: { total: detected.length, completed: detected.length, failed: 0 },
    candidates: detected.flatMap(({ result }) => jobCandidates(result)),
  };
  const isOne = models.length === 1;
  await writeFile(path, await (isOne ? targetReport(models[0]) : jobReport(summary, models)));
  say(`The report is ${path}`);
}

const plainName = (target: string) => target.replace(/[^\w.+-]+/g, '_');
