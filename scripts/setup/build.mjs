/** What runs: the server code in dist/, compiled by SWC, and the web page, built by Vite. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run, withPackages } from './commands.mjs';
import { step } from './progress.mjs';
import { ROOT } from './root.mjs';
import { contentHash, whenChanged } from './stamps.mjs';

const SHARED = ['package.json', 'package-lock.json'];
const SERVER = ['apps/api', 'apps/worker', 'apps/cli', 'libs', '.swcrc', ...SHARED];
const WEB = ['apps/web', 'libs/contracts', 'docs/openapi.json', ...SHARED];

// The stamps lie in dist/: whoever removes a build removes its stamp.
export async function build({ web = true } = {}) {
  const npm = (script, what) =>
    run('npm', ['run', '--silent', script], { env: withPackages(), what });
  await whenChanged('dist/.server', contentHash(SERVER), () =>
    step('Building the server', () => npm('build:server', 'The build of the server')),
  );
  if (web && existsSync(join(ROOT, 'apps/web/index.html'))) {
    await whenChanged('dist/.web', contentHash(WEB), () =>
      step('Building the web page', () => npm('build:web', 'The build of the web page')),
    );
  }
}
