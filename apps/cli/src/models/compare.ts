import { compareSchemas, type SchemaComparison, withOwnRunner } from '#inference';
import { print, table } from '../output.js';
import type { NamedOptions } from './options.js';
import { getVersion, withRegistry } from './open-registry.js';

interface CompareOptions extends NamedOptions {
  readonly versionA: string;
  readonly versionB: string;
  readonly json?: boolean;
}

export async function compare(options: CompareOptions): Promise<void> {
  await withRegistry(options, async (registry) => {
    const a = await getVersion(registry, options.name, options.versionA);
    const b = await getVersion(registry, options.name, options.versionB);
    const schemas = await withOwnRunner((runner) => compareSchemas(a, b, runner));
    if (options.json) print(JSON.stringify({ a: a.reference, b: b.reference, schemas }, null, 2));
    else for (const schema of schemas) print(asText([a.reference, b.reference], schema));
  });
}

function asText(references: readonly string[], comparison: SchemaComparison): string {
  const { evaluatedOn, isSameSet, columns, sizeBytes, secondsARow } = comparison;
  const cell = <T>(value: T | null, write: (value: T) => string = String) =>
    value === null ? '-' : write(value);
  const rows = [
    ['evaluated on', ...evaluatedOn.map((name) => cell(name))],
    ...comparison.metrics.map(({ name, values }) => [
      name,
      ...values.map((value) => cell(value, (each) => each.toFixed(4))),
    ]),
    ['size of the graph, bytes', ...sizeBytes.map((size) => cell(size))],
    [
      'one row, ms',
      ...secondsARow.map((seconds) => cell(seconds, (each) => (1000 * each).toFixed(2))),
    ],
  ];
  const lines = [`inputs ${comparison.schema}`, table(['', ...references], rows)];
  if (!isSameSet) lines.push('Evaluated on different rows: their metrics cannot be compared.');
  for (const [what, names] of Object.entries(columns)) {
    if (names.length > 0) lines.push(`columns ${what}: ${names.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}
