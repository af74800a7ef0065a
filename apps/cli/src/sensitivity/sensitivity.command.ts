import { writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { sensitivity, toWire } from '#contracts';
import { figureToPng, figureToSvg, sensitivityFigure } from '#figures';
import {
  chooseSize,
  DEFAULT_PARAMS,
  type DetectionParams,
  type Injection,
  injections,
  planSensitivity,
  prepare,
  search,
  searchGrid,
  type Segment,
  type SensitivityMap,
  sensitivityMap,
  sensitivityRecord,
  type SensitivitySize,
} from '#transit';
import { paramsOf, readAll } from '../detect/detect.command.js';
import { groupByTarget } from '../detect/targets.js';
import { CommandError, print, say, UsageError } from '../output.js';
import { bar } from '../progress.js';
import { sensitivityTable } from './show.js';

interface Options {
  minPeriod?: string;
  maxPeriod?: string;
  minSnr?: string;
  detrend?: string;
  window?: string;
  method?: string;
  seed?: string;
  target?: string;
  periods?: string;
  radii?: string;
  perCell?: string;
  json?: boolean;
  plot?: string;
}

export function addSensitivityCommand(program: Command): void {
  program
    .command('sensitivity')
    .description('Measure which planets would be found in a light curve; Ctrl-C keeps what is done')
    .argument('<file...>', 'files of one target: FITS, CSV, TSV or ECSV, plain or gzipped')
    .option('--periods <n>', 'period bins of the map (8)')
    .option('--radii <n>', 'radius bins of the map (8)')
    .option('--per-cell <n>', 'planets injected per cell (10, fewer where a search is dear)')
    .option('--min-period <days>', 'shortest period (0.5)')
    .option('--max-period <days>', 'longest period (half the baseline, at most 500)')
    .option('--min-snr <snr>', 'weaker signals are not found (7.1)')
    .option('--detrend <method>', 'biweight, median, none (biweight)')
    .option('--window <days>', 'window of the trend (from the longest duration)')
    .option('--method <method>', 'folding, bls (folding)')
    .option('--seed <n>', 'seed of everything random (1)')
    .option('--target <name>', 'take all files as this one target')
    .option('--json', 'print the map as JSON, as the api answers it')
    .option('--plot <file>', 'write the map as .svg or .png')
    .action(run);
}

async function run(paths: string[], options: Options): Promise<void> {
  const params: DetectionParams = {
    ...DEFAULT_PARAMS,
    ...paramsOf(options),
    sensitivity: 'always',
  };
  if (options.plot !== undefined && !/\.(svg|png)$/.test(options.plot)) {
    throw new UsageError(`--plot must end in .svg or .png, not ${options.plot}`);
  }
  const targets = groupByTarget(await readAll(paths), options.target);
  if (targets.length !== 1) {
    throw new CommandError(`One target is measured at a time, not ${targets.length}`);
  }
  const [{ target, segments }] = targets;
  const map = await measure(target, segments, params, options);
  if (options.json) print(JSON.stringify(toWire(sensitivity, sensitivityRecord(map)), null, 2));
  else print(sensitivityTable(map));
  if (options.plot) {
    const figure = sensitivityFigure(map, { target });
    const draw = options.plot.endsWith('.svg') ? figureToSvg : figureToPng;
    await writeFile(options.plot, draw(figure));
    say(`The map is ${options.plot}`);
  }
}

/** Until all planets are injected, or the user has seen enough. */
async function measure(
  target: string,
  segments: readonly Segment[],
  params: DetectionParams,
  options: Options,
): Promise<SensitivityMap> {
  const prepared = prepare(segments, params);
  const { detrended, star, detrending } = prepared;
  const searched =
    params.detrend === 'none' ? params : { ...params, windowDays: detrending.windowDays };
  const grid = searchGrid(detrended, star, searched);
  const plan = planSensitivity(
    prepared,
    grid,
    params,
    sizeOf(options, chooseSize('always', prepared, grid)),
  );
  if (!plan) throw new CommandError('No period that is searched lies outside the star');
  const planned = plan.columns * plan.rows * plan.layers;
  say(`${target}: at most ${planned} planets to inject, ${plan.cost.toExponential(1)} additions`);

  const { rounds } = search(detrended, star, searched);
  const signals = rounds.flatMap(({ signal }) => (signal ? [signal] : []));
  if (signals.length > 0) say(`${target}: ${signals.length} known signal(s) are taken out first`);

  let isInterrupted = false;
  const interrupt = () => (isInterrupted = true);
  process.once('SIGINT', interrupt);
  const progress = bar(target);
  const done: Injection[] = [];
  try {
    const [{ mission }] = segments;
    for (const injection of injections({ prepared, mission, params, plan, signals })) {
      done.push(injection);
      progress.update(done.length / planned, 'Injecting planets');
      await setImmediate(); // or the signal would wait for the end
      if (isInterrupted) break;
    }
  } finally {
    progress.end();
    process.off('SIGINT', interrupt);
  }
  return sensitivityMap(plan, done, params.minSnr, isInterrupted);
}

/** @throws {UsageError} naming the option that is no number of bins. */
function sizeOf(options: Options, usual: SensitivitySize): SensitivitySize {
  const count = (name: string, text: string | undefined, otherwise: number) => {
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (!(Number.isInteger(value) && value >= 1 && value <= MOST_BINS)) {
      throw new UsageError(`--${name} must be a whole number from 1 to ${MOST_BINS}, not ${text}`);
    }
    return value;
  };
  return {
    columns: count('periods', options.periods, usual.columns),
    rows: count('radii', options.radii, usual.rows),
    layers: count('per-cell', options.perCell, usual.layers),
  };
}

const MOST_BINS = 1000;
