import { checkGolden, withOwnRunner } from '#inference';
import { CommandError, print } from '../output.js';
import type { VersionOptions } from './options.js';
import { getVersion, withRegistry } from './open-registry.js';

export async function validate(options: VersionOptions): Promise<void> {
  await withRegistry(options, async (registry) => {
    const version = await getVersion(registry, options.name, options.version);
    const checks = await withOwnRunner((runner) => checkGolden(version, runner));
    for (const { schema, samples, tolerance, worst, isGood } of checks) {
      print(
        `${version.reference}, ${schema}: ${samples} golden inputs, largest difference ${worst.toExponential(1)} of ${tolerance} allowed: ${isGood ? 'good' : 'BAD'}`,
      );
    }
    if (!checks.every(({ isGood }) => isGood)) {
      throw new CommandError(`${version.reference} does not say what it said when it was made.`);
    }
  });
}
