import {
  checkGolden,
  NothingToRollBackError,
  obstaclesTo,
  PromotionRefusedError,
  versionAt,
  versionsOfAlias,
  withOwnRunner,
} from '#inference';
import { print } from '../output.js';
import type { AliasOptions } from './options.js';
import { currentUser, getVersion, withRegistry } from './open-registry.js';

export async function promote(options: AliasOptions & { readonly version: string }): Promise<void> {
  const { name, alias, note } = options;
  await withRegistry(options, async (registry) => {
    const version = await getVersion(registry, name, options.version);
    const champion = versionAt(await registry.get(name), 'champion');
    const golden = await withOwnRunner((runner) => checkGolden(version, runner));
    const obstacles = obstaclesTo(alias, version, champion, golden);
    if (obstacles.length > 0) throw new PromotionRefusedError(version.reference, alias, obstacles);
    await registry.move(name, alias, version.metadata.version, currentUser(), note);
    print(`${name}@${alias} is ${version.metadata.version}`);
  });
}

export async function rollback(options: AliasOptions): Promise<void> {
  const { name, alias, note } = options;
  await withRegistry(options, async (registry) => {
    const { moves } = await registry.get(name);
    const [present, before] = versionsOfAlias(moves, alias);
    if (before === undefined) throw new NothingToRollBackError(name, alias);
    await registry.move(name, alias, before, currentUser(), note || `back from ${present}`);
    print(`${name}@${alias} is ${before} again, after ${present}`);
  });
}
