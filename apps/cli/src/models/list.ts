import { aliasesAfter, type ModelRecord } from '#inference';
import { print, table } from '../output.js';
import { withRegistry } from './open-registry.js';
import type { RegistryOptions } from './options.js';

interface ListOptions extends RegistryOptions {
  readonly name?: string;
  readonly json?: boolean;
}

export async function list(options: ListOptions): Promise<void> {
  const models = await withRegistry(options, async (registry) =>
    options.name ? [await registry.get(options.name)] : registry.list(),
  );
  if (options.json) print(JSON.stringify(models.map(asJson), null, 2));
  else if (models.length === 0) print(`No models in ${options.registryPath}`);
  else print(asTable(models));
}

function asJson(model: ModelRecord) {
  return {
    name: model.name,
    versions: [...model.versions.keys()],
    aliases: Object.fromEntries(aliasesAfter(model.moves)),
    history: model.moves,
  };
}

function asTable(models: readonly ModelRecord[]): string {
  const rows = models.flatMap((model) => {
    const aliases = [...aliasesAfter(model.moves)];
    return [...model.versions.values()].reverse().map(({ metadata }) => {
      const { name, version, framework, performance } = metadata;
      const mine = aliases.filter(([, each]) => each === version).map(([alias]) => alias);
      const accuracy = performance.accuracy?.toFixed(3) ?? '';
      const schemas = metadata.input_schemas.map((schema) => schema.name).join(', ');
      return [name, version, mine.join(', '), schemas, framework, accuracy];
    });
  });
  return table(['model', 'version', 'aliases', 'inputs', 'framework', 'accuracy'], rows);
}
