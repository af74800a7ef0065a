import type { Command } from 'commander';
import type { ReadResult } from '#transit/io';
import { readLocalFile } from '../local-file.js';
import { print } from '../output.js';

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .description('Read light curves and say what is wrong with them')
    .argument('<file...>', 'FITS, CSV, TSV or ECSV, plain or gzipped')
    .option('--json', 'print the reports as JSON')
    .action(async (paths: string[], options: { json?: boolean }) => {
      const reports: (ReadResult & { path: string })[] = [];
      for (const path of paths) {
        const report = { path, ...(await readLocalFile(path)) };
        reports.push(report);
        if (!options.json) print(asText(path, report));
      }
      if (options.json) print(JSON.stringify(reports.map(asJson), null, 2));
      if (reports.some((report) => report.segment === null)) process.exitCode = 1;
    });
}

function asJson({
  path,
  sha256,
  sizeBytes,
  segment,
  summary,
  issues,
}: ReadResult & { path: string }) {
  return { path, valid: segment !== null, sha256, sizeBytes, summary, issues };
}

function asText(path: string, { summary, issues, segment }: ReadResult): string {
  const lines = [`${path}: ${segment ? 'valid' : 'INVALID'}`];
  if (summary) {
    const { format, gzip, mission, label, target, points, usablePoints, cadenceMinutes } = summary;
    const cadence = cadenceMinutes === null ? '' : `, every ${cadenceMinutes.toFixed(2)} min`;
    lines.push(
      `  ${format}${gzip ? ' (gzip)' : ''}, ${mission} ${label}, ${target ?? 'no target named'}`,
      `  ${usablePoints} of ${points} points usable${cadence}, flux from ${summary.fluxColumn}`,
    );
    if (summary.timeStartBjd !== null && summary.timeEndBjd !== null) {
      lines.push(`  BJD ${summary.timeStartBjd.toFixed(4)} to ${summary.timeEndBjd.toFixed(4)}`);
    }
  }
  for (const { severity, code, message, row, column } of issues) {
    const place = [row && `row ${row}`, column && `column ${column}`].filter(Boolean).join(', ');
    lines.push(`  ${severity} ${code}${place && ` (${place})`}: ${message}`);
  }
  return lines.join('\n');
}
