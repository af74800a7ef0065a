import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const alias = [
  { find: /^#transit\/io$/, replacement: source('libs/transit/src/io/index.ts') },
  {
    find: /^#(contracts|figures|inference|kernels|learning|transit)$/,
    replacement: source('libs/$1/src/index.ts'),
  },
  { find: /^#platform\/(.*)$/, replacement: source('libs/platform/src/$1/index.ts') },
];

export default defineConfig({
  // Nest reads constructor types from decorator metadata, which only SWC writes.
  plugins: [
    swc.vite({
      swcrc: false,
      tsconfigFile: false,
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: 'es2024',
        keepClassNames: true,
      },
      module: { type: 'es6' },
    }),
  ],
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'libs/**/*.spec.ts',
            'apps/**/*.spec.ts',
            'scripts/**/*.spec.ts',
            'bench/**/*.spec.mjs',
            'training/**/*.spec.mjs',
          ],
          exclude: ['**/*.server.spec.ts', '**/node_modules/**'],
          testTimeout: 120_000, // machines differ threefold from day to day
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          globalSetup: ['./test/support/services.setup.ts'],
          include: ['libs/**/*.server.spec.ts', 'apps/**/*.server.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          globalSetup: ['./test/support/services.setup.ts'],
          include: ['test/**/*.spec.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
