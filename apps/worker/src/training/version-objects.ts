/** Names of the objects that a training stores, and what each of them is. */
import { CARD_FILE, modelPlotName, type ModelPlotName } from '#contracts';

/** A model of a table takes inputs in one way. */
export const SCHEMA = 'inputs';

export const plotFile = (name: ModelPlotName, extension: 'svg' | 'png') => `${name}.${extension}`;

/** All that a version may have: a regression has fewer plots. */
export const versionObjects = (): string[] => [
  'metadata.json',
  CARD_FILE,
  ...['onnx', 'preprocessing.json', 'golden.json'].map((ending) => `${SCHEMA}.${ending}`),
  ...modelPlotName.options.flatMap((name) => [plotFile(name, 'svg'), plotFile(name, 'png')]),
];

export function contentTypeOf(file: string): string {
  if (file.endsWith('.svg')) return 'image/svg+xml';
  if (file.endsWith('.png')) return 'image/png';
  if (file.endsWith('.json')) return 'application/json';
  if (file.endsWith('.md')) return 'text/markdown; charset=utf-8';
  return 'application/octet-stream';
}
