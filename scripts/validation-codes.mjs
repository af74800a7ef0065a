// Writes docs/validation-codes.md: what a validation issue can be about, from the lists that the
// readers themselves use. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UPLOAD_CODES } from '../apps/worker/src/validation/upload-codes.ts';
import { VALIDATION_CODES } from '../libs/transit/src/io/validation-codes.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs/validation-codes.md');

const SEVERITIES = {
  error: 'Error: the file cannot be searched.',
  warning: 'Warning: the file is searched as it is.',
  either: 'Warning up to a threshold, error beyond it.',
};

const ALL = { ...VALIDATION_CODES, ...UPLOAD_CODES };

function render() {
  const codes = Object.keys(ALL).sort();
  return [
    '# What validation can say about a file',
    '',
    `Each issue of \`GET /api/v1/validation/{dataset_id}/status\` and of \`lightfold validate\` carries one of these ${codes.length} codes, the row and column where there are some, and a sentence with the facts of the file. Codes are permanent. Written by \`npm run validation-codes\`.`,
    '',
    ...codes.flatMap((code) => {
      const { severity, meaning, remedy } = ALL[code];
      return [
        `## ${code}`,
        '',
        SEVERITIES[severity],
        '',
        meaning,
        '',
        `**What to do:** ${remedy}`,
        '',
      ];
    }),
  ].join('\n');
}

const text = render();
if (!process.argv.includes('--check')) {
  writeFileSync(page, text);
} else if (readFileSync(page, 'utf8') !== text) {
  process.stderr.write(
    'docs/validation-codes.md is not current: run "npm run validation-codes" and commit it.\n',
  );
  process.exit(1);
}
