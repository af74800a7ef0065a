import type { Command } from 'commander';
import { CommandError, print, say } from '../output.js';
import { bar } from '../progress.js';
import { type LightCurveProduct, Mast, MAST_URL, MastError, type Mission } from './mast.js';

interface Options {
  out: string;
  mission: Mission[];
  list?: boolean;
  mastUrl: string;
}

export function addFetchCommand(program: Command): void {
  program
    .command('fetch')
    .description("Download a target's light curves from MAST")
    .argument('<target>', '"KIC 11442793", "EPIC 206103150", "TIC 307210830", or a star\'s name')
    .option('-o, --out <folder>', 'folder to write to', '.')
    .option('-m, --mission <name...>', 'Kepler, K2, TESS', ['Kepler', 'K2', 'TESS'])
    .option('--list', 'only say what there is')
    .option('--mast-url <url>', 'another server with the interface of MAST', MAST_URL)
    .action(async (target: string, options: Options) => {
      try {
        await run(target, options);
      } catch (error) {
        if (error instanceof MastError) throw new CommandError(error.message, { cause: error });
        throw error;
      }
    });
}

async function run(target: string, options: Options): Promise<void> {
  const mast = new Mast(options.mastUrl);
  const products = await mast.lightCurves(target, options.mission);
  if (products.length === 0) {
    throw new CommandError(
      `MAST has no light curve of "${target}" from ${options.mission.join(', ')}`,
    );
  }
  if (options.list) {
    for (const product of products) print(describe(product));
    return;
  }
  const totalBytes = products.reduce((sum, product) => sum + product.sizeBytes, 0);
  say(`${products.length} light curve(s), ${(totalBytes / 1e6).toFixed(1)} MB`);
  const progress = bar('Downloading');
  let received = 0;
  for (const product of products) {
    const path = await mast.download(product, options.out, (bytes) => {
      received += bytes;
      progress.update(received / Math.max(totalBytes, 1), product.filename);
    });
    progress.above(() => print(path));
  }
  progress.end();
}

const describe = ({ filename, mission, exposureSeconds, sizeBytes }: LightCurveProduct) =>
  `${filename}  ${mission}  ${exposureSeconds} s  ${(sizeBytes / 1e6).toFixed(1)} MB`;
