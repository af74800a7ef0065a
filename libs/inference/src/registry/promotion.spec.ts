import { afterAll, describe, expect, it } from 'vitest';
import { aNumber, aVersion, opened, type VersionOptions } from '../../../../test/support/models.js';
import { ModelRunner } from '../predictions/model-runner.js';
import { GraphCache } from '../sessions/graph-cache.js';
import { OnnxSessions } from '../sessions/onnx-sessions.js';
import { checkVersion } from './check-version.js';
import { compareSchemas } from './comparison.js';
import { checkGolden } from './golden.js';
import { obstaclesTo } from './promotion.js';

const sessions = new OnnxSessions();
afterAll(() => sessions.close());
const batching = { maxRows: 1, maxWaitMs: 0, maxQueuedRows: 1 };
const runner = new ModelRunner(sessions, new GraphCache({ capacity: 4 }), batching);

const version = (options: VersionOptions = {}) => opened(aVersion(options));
/** Promises other outputs than its graph gives. */
const forgetful = () => {
  const made = aVersion();
  const other = aVersion({ bias: [1, 0, 0] });
  const files = new Map(made.files).set('inputs.onnx', other.files.get('inputs.onnx')!);
  const [schema] = made.metadata.input_schemas;
  const model = other.metadata.input_schemas[0].model;
  const metadata = { ...made.metadata, input_schemas: [{ ...schema, model }] };
  return opened({ metadata, files });
};

describe('E.19 golden inputs', () => {
  it('are good where the version says what it said', async () => {
    const [check] = await checkGolden(version(), runner);
    expect(check).toMatchObject({ schema: 'inputs', samples: 1, tolerance: 1e-5, isGood: true });
    expect(check.worst).toBeLessThan(1e-6);
  });

  it('tell a version that says something else, and by how much', async () => {
    const [check] = await checkGolden(forgetful(), runner);
    expect(check.isGood).toBe(false);
    expect(check.worst).toBeGreaterThan(0.1);
    await expect(checkVersion(forgetful(), runner)).rejects.toThrow(/golden inputs .* differ by/);
  });
});

describe('a version that is checked before it is taken in', () => {
  it('is one whose files, metadata and graph agree', async () => {
    await expect(checkVersion(version(), runner)).resolves.toBeUndefined();
  });

  it.each([
    [
      'a graph of another shape',
      { graph: aVersion({ labels: ['a', 'b'] }).files.get('inputs.onnx')! },
      /cannot be loaded/,
    ],
    ['a label twice', { labels: ['a', 'a', 'b'] }, /3 classes need as many labels/],
    ['no decisive metric', { evaluation: { metrics: { accuracy: 1 } } }, /lacks macro_auc/],
  ])('is refused for %s', async (_, options, message) => {
    await expect(checkVersion(version(options), runner)).rejects.toThrow(message);
  });

  it('is refused where its preprocessing gives another number of features', async () => {
    const made = aVersion();
    const [schema] = made.metadata.input_schemas;
    const metadata = { ...made.metadata, input_schemas: [{ ...schema, features: 3 }] };
    await expect(checkVersion(opened({ ...made, metadata }), runner)).rejects.toThrow(
      /gives 2 features, its metadata say 3/,
    );
  });
});

describe('a promotion', () => {
  const scored = (macroAuc: number, more: VersionOptions = {}) =>
    version({
      version: `1.0.${Math.round(1000 * macroAuc)}`,
      evaluation: { metrics: { macro_auc: macroAuc } },
      ...more,
    });
  const good = () => checkGolden(version(), runner);
  const champion = scored(0.9);

  it('is open to a version that is at least as good on the same rows', async () => {
    expect(obstaclesTo('champion', scored(0.95), champion, await good())).toEqual([]);
    expect(obstaclesTo('champion', scored(0.9), champion, await good())).toEqual([]);
    expect(obstaclesTo('champion', scored(0.2), null, await good())).toEqual([]);
  });

  it('is refused to a worse one, with both numbers', async () => {
    expect(obstaclesTo('champion', scored(0.8), champion, await good())).toEqual([
      'In the schema inputs its macro_auc on held-out rows is 0.8, below the 0.9 of koi-softmax@1.0.900.',
    ]);
  });

  it('lets a worse one be tried as a challenger', async () => {
    expect(obstaclesTo('challenger', scored(0.8), champion, await good())).toEqual([]);
  });

  it('is refused where the two were evaluated on different rows, or not by the same metric', async () => {
    const set = { name: 'other rows', sha256: 'f'.repeat(64), rows: 10 };
    const elsewhere = version({ evaluation: { set, metrics: { macro_auc: 0.99 } } });
    expect(obstaclesTo('champion', elsewhere, champion, await good())).toEqual([
      expect.stringContaining('other rows, koi-softmax@1.0.900 on held-out rows: they cannot be'),
    ]);
    const byAccuracy = version({ evaluation: { decisive: 'accuracy', metrics: { accuracy: 1 } } });
    expect(obstaclesTo('champion', byAccuracy, champion, await good())).toEqual([
      expect.stringContaining('koi-softmax@1.0.900 in the schema inputs lacks accuracy'),
    ]);
  });

  it('is refused to whom golden outputs changed, under any alias', async () => {
    const golden = await checkGolden(forgetful(), runner);
    for (const alias of ['champion', 'challenger', 'latest'] as const) {
      expect(obstaclesTo(alias, forgetful(), null, golden)).toEqual([
        expect.stringMatching(/golden inputs of the schema inputs differ by/),
      ]);
    }
  });

  it('is refused to a version that takes fewer kinds of inputs', async () => {
    const made = aVersion();
    const [schema] = made.metadata.input_schemas;
    const renamed = { ...made.metadata, input_schemas: [{ ...schema, name: 'other' }] };
    const obstacles = obstaclesTo('champion', opened({ ...made, metadata: renamed }), champion, []);
    expect(obstacles).toEqual(['It has no input schema inputs, which koi-softmax@1.0.900 has.']);
  });
});

describe('E.18 a comparison of two versions', () => {
  it('shows metrics, columns, size and latency of both', async () => {
    const first = version({ evaluation: { metrics: { macro_auc: 0.9, accuracy: 0.8 } } });
    const second = version({
      version: '1.1.0',
      columns: [
        aNumber('period', { when_missing: { impute: 3 } }),
        aNumber('radius', { missing_share: 0.1, description: 'Of the planet' }),
        aNumber('snr'),
      ],
      evaluation: { metrics: { macro_auc: 0.95 } },
    });
    const [comparison] = await compareSchemas(first, second, runner);
    expect(comparison).toMatchObject({
      schema: 'inputs',
      isSameSet: true,
      metrics: [
        { name: 'macro_auc', values: [0.9, 0.95] },
        { name: 'accuracy', values: [0.8, null] },
      ],
      columns: { added: ['snr'], removed: [], changed: ['period'] },
    });
    const [smaller, larger] = comparison.sizeBytes;
    expect(larger).toBeGreaterThan(smaller!);
    expect(comparison.secondsARow.every((seconds) => seconds! > 0)).toBe(true);
  });

  it('shows a schema that only one of them has', async () => {
    const made = aVersion({ version: '1.1.0' });
    const [schema] = made.metadata.input_schemas;
    const renamed = { ...made.metadata, input_schemas: [{ ...schema, name: 'other' }] };
    const comparisons = await compareSchemas(
      version(),
      opened({ ...made, metadata: renamed }),
      runner,
    );
    expect(
      comparisons.map(({ schema: name, sizeBytes }) => [name, sizeBytes.map(Boolean)]),
    ).toEqual([
      ['inputs', [true, false]],
      ['other', [false, true]],
    ]);
    expect(comparisons[0].secondsARow[1]).toBeNull();
  });
});
