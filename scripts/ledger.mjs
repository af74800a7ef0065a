// Writes docs/coverage.md: which ledger row is proven by which test. The rows are read from the
// titles of the tests, so the page cannot promise what no test says. `--check` only compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs/coverage.md');

/** Rows whose proof is the file itself. */
const PROVEN_BY_FILE = {
  'A.39': ['CONTRIBUTING.md', 'A new endpoint, in four steps'],
  'A.48': ['LICENSE', 'MIT'],
  'C.22': ['docs/adr/0002-migrations-without-the-schema-engine.md', 'Rollback policy'],
  'C.38': ['CONTRIBUTING.md', 'How changes are made'],
  'D.9': ['package-lock.json', 'Exact versions of everything'],
};

const TITLE =
  /\b(?:it|test)(?:\.each\([^]*?\))?\(\s*(['"`])((?:[A-E]\.\d+[, ]+(?:and )?)+)((?:\\.|(?!\1)[^\\])*)\1/g;

function* specFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !['node_modules', 'generated'].includes(entry.name)) {
      yield* specFiles(path);
    } else if (/\.spec\.(tsx?|mjs)$/.test(entry.name)) yield path;
  }
}

function provenRows() {
  const rows = [];
  for (const [row, [place, what]] of Object.entries(PROVEN_BY_FILE)) {
    rows.push({ row, place, what, test: '(the file)' });
  }
  for (const folder of ['apps', 'libs', 'scripts', 'test', 'training']) {
    for (const path of specFiles(join(root, folder))) {
      const source = readFileSync(path, 'utf8');
      for (const [, , ids, title] of source.matchAll(TITLE)) {
        const test = relative(root, path);
        for (const row of ids.match(/[A-E]\.\d+/g)) {
          rows.push({ row, place: dirname(test), what: title.replaceAll('|', '\\|'), test });
        }
      }
    }
  }
  const key = ({ row, test, what }) => `${row[0]}${row.slice(2).padStart(4, '0')} ${test} ${what}`;
  return rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function render(rows) {
  const distinct = new Set(rows.map(({ row }) => row)).size;
  return [
    '# What is proven where',
    '',
    `${distinct} rows of the ledger have a proof. Written by \`npm run ledger\` from the titles of the tests.`,
    '',
    '| row | promise | where | test |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ row, what, place, test }) => `| ${row} | ${what} | ${place} | ${test} |`),
    '',
  ].join('\n');
}

const text = render(provenRows());
if (!process.argv.includes('--check')) {
  writeFileSync(page, text);
} else if (readFileSync(page, 'utf8') !== text) {
  process.stderr.write('docs/coverage.md is not current: run "npm run ledger" and commit it.\n');
  process.exit(1);
}
