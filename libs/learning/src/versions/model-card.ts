/** What a reader has to know of a trained model, as Markdown (Mitchell et al. 2019, FAT*). */
import type { ModelMetadata } from '#contracts';
import type { ClassificationReport } from '../metrics/classification.js';
import type { TrainedSchema, VersionFacts } from './version-facts.js';

export function modelCard(
  facts: VersionFacts,
  metadata: ModelMetadata,
  schemas: readonly TrainedSchema[],
): string {
  const { output_schema: output } = metadata;
  const plots = (facts.plots ?? []).map(({ title, address }) => `![${title}](${address})`);
  const answers = output.task === 'classification' ? output.labels.join(', ') : output.target;
  return [
    `# ${facts.name} ${facts.version}`,
    facts.description,
    table(
      ['', ''],
      [
        ['answers', answers],
        ['trained on', facts.datasetVersion],
        ['seed', String(facts.seed)],
        ['made with', `Lightfold ${facts.codeVersion}, ${facts.finishedAt.slice(0, 10)}`],
        ['licence', metadata.licence],
      ],
    ),
    ...schemas.flatMap((schema) => schemaSections(schema, metadata)),
    ...(plots.length > 0 ? ['## Pictures', ...plots] : []),
    '## Limits',
    'A model of columns knows the table that it was trained on: its classes as they were given there, its instruments, its selection. Of other surveys it says less than its figures promise; an input beyond what it has seen is answered with a warning of drift.',
    '## Made again by',
    `\`\`\`\n${facts.command}\n\`\`\``,
    'The same table, seed and version of Lightfold give the same files.',
    '',
  ].join('\n\n');
}

function schemaSections({ name, trained }: TrainedSchema, metadata: ModelMetadata): string[] {
  const schema = metadata.input_schemas.find((each) => each.name === name)!;
  const { evaluation, classification, calibration, modelConfig, warnings } = trained;
  const settings = Object.entries(modelConfig).map(([key, value]) => `${key} ${String(value)}`);
  const facts = [
    ['inputs', trained.preprocessing.columns.map((column) => column.name).join(', ')],
    ['graph', `${schema.model.file}, ${schema.model.size_bytes} bytes`],
    ['settings', settings.join(', ')],
    ['learnt from', `${trained.trainingRows} rows`],
    ['calibration', calibration.method],
    ['evaluated on', `${evaluation.set.rows} rows, ${evaluation.set.name}`],
    ...Object.entries(evaluation.metrics).map(([metric, value]) => [metric, value.toFixed(4)]),
  ];
  return [
    `## Inputs \`${name}\``,
    table(['', ''], facts),
    ...(classification ? classSections(classification) : []),
    '### What it looks at',
    'How much is lost where a column is shuffled among the test rows, the ten most important ones.',
    table(
      ['column', 'loss'],
      trained.importances
        .slice(0, 10)
        .map(({ column, permutation }) => [column, permutation.toFixed(4)]),
    ),
    ...warnings,
  ];
}

function classSections({ confusion, classes }: ClassificationReport): string[] {
  const labels = classes.map(({ label }) => label);
  const percent = (share: number) => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`);
  return [
    '### By class',
    table(
      ['class', 'rows', 'precision', 'recall', 'F1', 'AUC'],
      classes.map((each) => [
        each.label,
        String(each.rows),
        ...[each.precision, each.recall, each.f1Score, each.auc].map((value) => value.toFixed(3)),
      ]),
    ),
    'What rows are (down), and what they are called (across):',
    table(
      ['', ...labels],
      confusion.map((row, k) => [labels[k], ...row.map(String)]),
    ),
    '### Calibration',
    'Of the rows to which a class was given such a probability, how many are of it (rows in brackets):',
    table(
      ['probability', ...labels],
      classes[0].reliability.map(({ from, to }, bin) => [
        `${from.toFixed(1)} to ${to.toFixed(1)}`,
        ...classes.map(({ reliability }) => {
          const { rows, predicted, observed } = reliability[bin];
          return rows === 0 ? '–' : `${percent(predicted)}: ${percent(observed)} (${rows})`;
        }),
      ]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
