/** Who may import whom: the picture in docs/architecture.md, as a rule. */
const lib = (names) => `^libs/(${names})/`;

const mayImport = (from, allowed) => ({
  name: `${from}-imports-only-${allowed.length ? allowed.join('-and-') : 'nothing-of-ours'}`,
  severity: 'error',
  from: { path: lib(from), pathNot: '\\.spec\\.ts$' },
  to: { path: '^(libs|apps|test)/', pathNot: lib([from, ...allowed].join('|')) },
});

module.exports = {
  forbidden: [
    mayImport('contracts', []),
    mayImport('kernels', []),
    mayImport('transit', ['kernels', 'contracts']),
    mayImport('figures', ['transit', 'contracts']),
    mayImport('inference', ['transit', 'contracts']),
    mayImport('learning', ['inference', 'transit', 'contracts']),
    mayImport('platform', ['contracts']),
    {
      name: 'the-page-knows-only-the-wire',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^libs/', pathNot: lib('contracts') },
    },
    {
      name: 'nobody-imports-an-app',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$2/' },
    },
    {
      name: 'science-is-pure',
      comment: 'transit and kernels take arrays and give results; only transit/io reads files',
      severity: 'error',
      from: {
        path: '^libs/(transit|kernels)/',
        pathNot: '^libs/transit/src/io/|\\.spec\\.ts$|\\.bench\\.ts$',
      },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'workers-ask-in-sql',
      comment: 'loaded and asked, Prisma takes 35 MiB of each process (docs/adr/0020)',
      severity: 'error',
      from: {
        path: '^(apps/(worker|cli)|libs/platform/src/(?!prisma/))',
        pathNot: '\\.spec\\.ts$',
      },
      to: { path: '^libs/platform/src/prisma/|node_modules/@prisma/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated|\\.lightfold)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
