import { describeSettings, type SettingDescription } from '#platform/config';
import { ROOT_FOLDER } from './root-folder.js';

export const CONFIGURATION_FILE = new URL('docs/configuration.md', ROOT_FOLDER);

const INTRODUCTION = `# Configuration

Every setting is an environment variable, read once at the start. The api and the worker refuse to
start with a setting that is missing or not usable, and name all of them together. \`npm start\` sets
the addresses of the servers that it starts itself.

This page is written from the settings' own descriptions by \`npm run openapi\`.
`;

/** docs/configuration.md: what must be set first, then the rest in the order of the code. */
export function configurationPage(settings = describeSettings()): string {
  const required = settings.filter((setting) => setting.required);
  const others = settings.filter((setting) => !setting.required);
  return [
    INTRODUCTION,
    '## Required\n',
    table(required, ['Setting', 'What it is'], (setting) => [name(setting), cell(setting)]),
    '## Optional\n',
    table(others, ['Setting', 'Without it', 'What it is'], (setting) => [
      name(setting),
      defaultOf(setting),
      cell(setting),
    ]),
  ].join('\n');
}

function table(
  settings: readonly SettingDescription[],
  heads: readonly string[],
  cells: (setting: SettingDescription) => string[],
): string {
  const rows = [heads, heads.map(() => '---'), ...settings.map(cells)];
  return rows.map((row) => `| ${row.join(' | ')} |\n`).join('');
}

const name = ({ name }: SettingDescription) => `\`${name}\``;

const cell = ({ description, secret }: SettingDescription) =>
  `${description.replaceAll('|', '\\|')}${secret ? ' (secret: never logged)' : ''}`;

function defaultOf({ defaultValue, secret }: SettingDescription): string {
  if (secret && defaultValue === null) return 'a sample, refused in production, or nothing';
  return defaultValue === null || defaultValue === '' ? '–' : `\`${defaultValue}\``;
}
