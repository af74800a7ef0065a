import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VALIDATION_CODES } from '#transit/io';
import { UPLOAD_CODES } from '../apps/worker/src/validation/upload-codes.js';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('docs/validation-codes.md', () => {
  it('C.12 is what the readers can say today', async () => {
    const script = 'scripts/validation-codes.mjs';
    const check = promisify(execFile)(process.execPath, [script, '--check'], { cwd: root });
    await expect(check).resolves.toMatchObject({ stderr: '' });
  });

  it('C.12 says of every code what it means and what to do', async () => {
    const page = await readFile(`${root}/docs/validation-codes.md`, 'utf8');
    const sections = page.split(/^## /m).slice(1);
    const documented = Object.fromEntries(
      sections.map((section) => [section.slice(0, section.indexOf('\n')), section]),
    );
    const codes = { ...VALIDATION_CODES, ...UPLOAD_CODES };
    expect(Object.keys(documented).sort()).toEqual(Object.keys(codes).sort());
    for (const [code, { meaning, remedy }] of Object.entries(codes)) {
      expect(documented[code]).toContain(meaning);
      expect(documented[code]).toContain(`**What to do:** ${remedy}`);
    }
  });
});
