/** The database client, generated from prisma/schema.prisma. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, withPackages } from './commands.mjs';
import { step } from './progress.mjs';
import { ROOT } from './root.mjs';
import { contentHash, whenChanged } from './stamps.mjs';

const SCHEMA = 'prisma/schema.prisma';

export async function generateClient({ force = false } = {}) {
  const hash = contentHash([SCHEMA, 'node_modules/prisma/package.json']);
  const output = /output\s*=\s*"(.+)"/.exec(readFileSync(join(ROOT, SCHEMA), 'utf8'))?.[1];
  const isThere = output && existsSync(join(ROOT, 'prisma', output));
  const generate = () =>
    step('Generating the database client', () =>
      run('prisma', ['generate', '--schema', SCHEMA], {
        what: 'prisma generate',
        // Generating needs no schema engine, but Prisma downloads one unless it is told of a file.
        env: withPackages({
          PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
          PRISMA_HIDE_UPDATE_MESSAGE: '1',
          CHECKPOINT_DISABLE: '1',
        }),
      }),
    );
  await whenChanged('node_modules/.lightfold/generate', hash, generate, {
    force: force || !isThere,
  });
}
