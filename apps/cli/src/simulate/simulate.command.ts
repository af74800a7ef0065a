import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, format as formatPath, parse as parsePath } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type Segment, simulate, type SimulatedBinary, type SimulatedPlanet } from '#transit';
import { writeCsv, writeFits } from '#transit/io';
import { UsageError, print } from '../output.js';

interface Options {
  mission: string;
  segments: number;
  cadence?: number;
  planet: SimulatedPlanet[];
  binary: SimulatedBinary[];
  noise: number;
  redNoise?: number;
  redTimescale: number;
  rotation?: { periodDays: number; amplitudePpm: number };
  flares?: number;
  seed: number;
  target: string;
}

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('Not a number.');
  return value;
};

export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('Write a light curve as Kepler or TESS would, with planets of your choice')
    .argument(
      '<file>',
      'ends in .fits or .csv; several segments become file-Q1.fits, file-Q2.fits, ...',
    )
    .option('--mission <name>', 'Kepler or TESS', 'Kepler')
    .option('--segments <n>', 'quarters or sectors', number, 1)
    .option('--cadence <minutes>', "time between points (the mission's own)", number)
    .option(
      '--planet <facts>',
      "period=12.3,radius=0.03[,impact=0.2][,t0=133.1]; may be repeated; t0 in the mission's time, radius in star radii",
      planet,
      [],
    )
    .option(
      '--binary <facts>',
      'period=3.1,primary=20000,secondary=8000,duration=4[,t0=133.1]; ppm, hours',
      binary,
      [],
    )
    .option('--noise <ppm>', 'white noise of a point', number, 100)
    .option('--red-noise <ppm>', 'noise that is correlated in time', number)
    .option('--red-timescale <days>', 'its correlation time', number, 0.25)
    .option('--rotation <facts>', 'period=8,amplitude=3000; days, ppm', rotation)
    .option('--flares <per-day>', 'flares a day, 2000 ppm high on average', number)
    .option('--seed <n>', 'the same seed gives the same bytes', number, 1)
    .option('--target <name>', "the star's name", 'SIM 1')
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const format = extname(path).toLowerCase();
  if (format !== '.fits' && format !== '.csv') {
    throw new UsageError(`${path}: must end in .fits or .csv`);
  }
  if (options.mission !== 'Kepler' && options.mission !== 'TESS') {
    throw new UsageError(`--mission ${options.mission} must be Kepler or TESS`);
  }
  if (!Number.isInteger(options.segments) || options.segments < 1 || options.segments > 200) {
    throw new UsageError(`--segments ${options.segments} must be a whole number from 1 to 200`);
  }
  const segments = simulate({
    seed: options.seed,
    mission: options.mission,
    segments: Array.from({ length: options.segments }, (_, index) => index + 1),
    cadenceMinutes: options.cadence,
    noisePpm: options.noise,
    redNoise: options.redNoise
      ? { ppm: options.redNoise, timescaleDays: options.redTimescale }
      : undefined,
    rotation: options.rotation,
    flares: options.flares ? { perDay: options.flares, meanPeakPpm: 2000 } : undefined,
    planets: options.planet,
    binaries: options.binary,
  });
  await mkdir(dirname(path), { recursive: true });
  for (const segment of segments) {
    const named = { ...segment, target: options.target };
    const file = segments.length === 1 ? path : nameOf(path, segment);
    await writeFile(file, format === '.fits' ? writeFits(named) : writeCsv(named));
    print(file);
  }
}

/** curve.fits becomes curve-Q3.fits. */
function nameOf(path: string, { label }: Segment): string {
  const { dir, name, ext } = parsePath(path);
  return formatPath({ dir, name: `${name}-${label}`, ext });
}

/** A transit on the third day of Kepler's first quarter; some days into a sector of TESS. */
const DEFAULT_T0_DAYS = 134.2;

function planet(text: string, earlier: SimulatedPlanet[]): SimulatedPlanet[] {
  const facts = factsOf(text, ['period', 'radius'], ['impact', 't0', 'axis_ratio']);
  return [
    ...earlier,
    {
      periodDays: facts.period,
      radiusRatio: facts.radius,
      t0Days: facts.t0 ?? DEFAULT_T0_DAYS,
      ...(facts.impact !== undefined && { impact: facts.impact }),
      ...(facts.axis_ratio !== undefined && { axisRatio: facts.axis_ratio }),
    },
  ];
}

function binary(text: string, earlier: SimulatedBinary[]): SimulatedBinary[] {
  const facts = factsOf(text, ['period', 'primary', 'secondary', 'duration'], ['t0']);
  return [
    ...earlier,
    {
      periodDays: facts.period,
      primaryPpm: facts.primary,
      secondaryPpm: facts.secondary,
      durationHours: facts.duration,
      t0Days: facts.t0 ?? DEFAULT_T0_DAYS,
    },
  ];
}

function rotation(text: string) {
  const facts = factsOf(text, ['period', 'amplitude'], []);
  return { periodDays: facts.period, amplitudePpm: facts.amplitude };
}

/** "period=12.3,radius=0.03" */
function factsOf(
  text: string,
  required: readonly string[],
  optional: readonly string[],
): Record<string, number> {
  const facts: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [name, value = ''] = part.split('=');
    if (![...required, ...optional].includes(name)) {
      throw new InvalidArgumentError(
        `"${name}" is not one of ${[...required, ...optional].join(', ')}.`,
      );
    }
    facts[name] = Number(value);
    if (value === '' || !Number.isFinite(facts[name])) {
      throw new InvalidArgumentError(`${name} must be a number, not "${value}".`);
    }
  }
  for (const name of required) {
    if (facts[name] === undefined) throw new InvalidArgumentError(`${name} is missing.`);
    if (!(facts[name] > 0)) throw new InvalidArgumentError(`${name} must be above 0.`);
  }
  return facts;
}
