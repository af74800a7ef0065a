import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { obtain } from './programs.mjs';

const SERVER = {
  program: 'no-such-server',
  package: 'no-such-package',
  title: 'The server',
  setting: 'SERVER_URL',
};

describe('a machine without a package manager', () => {
  const { PATH } = process.env;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lightfold-programs-'));
    process.env.PATH = folder;
  });

  afterEach(async () => {
    process.env.PATH = PATH;
    await rm(folder, { recursive: true });
  });

  it('is told which package to install or which setting to set', async () => {
    await expect(obtain(SERVER, () => undefined)).rejects.toThrow(
      'The server is needed, and it could not be installed: this system has no apt-get. Install the package ' +
        'no-such-package (apt-get install no-such-package), start Docker, or set SERVER_URL to a server that runs already.',
    );
  });

  it('ends a program that needs the server with a code that is not 0', () => {
    const module = fileURLToPath(new URL('programs.mjs', import.meta.url));
    const program = `import { obtain } from ${JSON.stringify(module)};
      await obtain(${JSON.stringify(SERVER)}, () => undefined);`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { env: { PATH: folder }, encoding: 'utf8' },
    );
    expect(stderr).toContain('this system has no apt-get');
    expect(status).not.toBe(0);
  });
});
