import type { ModelMetadata } from '#contracts';
import { print } from '../output.js';
import type { VersionOptions } from './options.js';
import { getVersion, withRegistry } from './open-registry.js';

export async function info(options: VersionOptions & { readonly json?: boolean }): Promise<void> {
  const { metadata } = await withRegistry(options, (registry) =>
    getVersion(registry, options.name, options.version),
  );
  print(options.json ? JSON.stringify(metadata, null, 2) : asText(metadata));
}

function asText(metadata: ModelMetadata): string {
  const { training, output_schema: output } = metadata;
  const lines = [
    `${metadata.name} ${metadata.version}: ${metadata.description}`,
    `  made with      ${metadata.framework} ${metadata.framework_version}, licence ${metadata.licence}`,
    `  trained on     ${training.dataset_version}, ${training.training_samples} rows, seed ${training.seed}`,
    `  made again by  ${training.command}`,
    `  answers        ${output.task === 'classification' ? output.labels.join(', ') : output.target}`,
    `  performance    ${inWords(metadata.performance)}`,
  ];
  for (const { name, features, model, evaluation, calibration } of metadata.input_schemas) {
    lines.push(
      `  inputs ${name}`,
      `    graph        ${model.file}, ${model.size_bytes} bytes, ${features} features, SHA-256 ${model.sha256}`,
      `    calibration  ${calibration.method}`,
      `    evaluated on ${evaluation.set.name}, ${evaluation.set.rows} rows: ${inWords(evaluation.metrics)}`,
    );
  }
  return lines.join('\n');
}

const inWords = (metrics: Readonly<Record<string, number>>) =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ');
