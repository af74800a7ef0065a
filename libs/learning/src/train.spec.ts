import { evaluation, goldenInputs, preprocessing } from '#contracts';
import { calibrated, featuresOf } from '#inference';
import { seededRandom } from '#transit';
import { describe, expect, it } from 'vitest';
import { aConfig, aTable } from './fixtures/made-up.js';
import { runGraph } from './golden.js';
import { holdOut } from './split.js';
import { tableOf, TrainingInputError } from './table/table.js';
import { train, type TrainingProgress } from './train.js';

const table = aTable({ rows: 400, missingShare: 0.1 });

describe('training', () => {
  it('D.3 gives a model with all that a version consists of', async () => {
    const trained = await train(table, aConfig());
    expect(preprocessing.parse(trained.preprocessing)).toEqual(trained.preprocessing);
    expect(goldenInputs.parse(trained.golden)).toEqual(trained.golden);
    expect(evaluation.parse(trained.evaluation)).toEqual(trained.evaluation);
    expect(trained.labels).toEqual(['FALSE', 'PLANET']);
    expect(trained.evaluation.metrics.accuracy).toBeGreaterThan(0.85);
    expect(trained.importances[0].column).toBe('depth');
    expect(trained.preprocessing.columns.map(({ name }) => name)).toEqual([
      'depth',
      'snr',
      'mission',
    ]);
    expect(trained.classification!.confusion.flat().reduce((a, b) => a + b)).toBe(
      trained.evaluation.set.rows,
    );
  });

  it('D.22 exports a graph that gives its golden outputs, none of an uploaded row', async () => {
    const trained = await train(table, aConfig());
    const { golden, model, preprocessing: spec, features, calibration } = trained;
    const uploaded = new Set(table.columns[1].cells);
    for (const { input, output } of golden.samples) {
      const values = featuresOf(spec, input as Record<string, number | string | null>);
      const said = await runGraph(model, values, features);
      expect([...calibrated(calibration, said)]).toEqual(output);
      expect(uploaded.has(String((input as { snr: number }).snr))).toBe(false);
    }
  });

  it('D.3 gives the same bytes for the same seed', async () => {
    const [a, b] = [await train(table, aConfig()), await train(table, aConfig())];
    expect(a).toEqual(b);
    const other = await train(table, aConfig({ seed: 2 }));
    expect(other.evaluation.set.sha256).not.toBe(a.evaluation.set.sha256);
  });

  it.each(['extra_trees', 'gradient_boosting', 'logistic_regression', 'k_nearest'] as const)(
    'D.18 trains %s, with codes of the target and SMOTE',
    async (selectedModel) => {
      const config = aConfig({
        modelConfig: { selectedModel },
        encoding: 'target',
        imbalance: 'smote',
      });
      const { evaluation: found } = await train(table, config);
      expect(found.metrics.accuracy).toBeGreaterThan(0.8);
    },
  );

  it.each(['random_forest', 'gradient_boosting', 'ridge', 'k_nearest'] as const)(
    'D.18 trains %s as a regression',
    async (selectedModel) => {
      const config = aConfig({
        targetColumn: 'temperature',
        taskType: 'regression',
        modelConfig: { selectedModel },
        roles: { label: 'ignore' },
        encoding: 'ordinal',
      });
      const { evaluation: found, calibration } = await train(table, config);
      expect(found.decisive).toBe('r2');
      expect(found.metrics.r2).toBeGreaterThan(0.7);
      expect(calibration.method).toBe('none');
    },
  );

  it('D.20 shows progress that never falls, with metrics, through search, folds and fit', async () => {
    const seen: TrainingProgress[] = [];
    const config = aConfig({ folds: 3, search: { trials: 4, rungs: 2 } });
    const { foldScores, modelConfig } = await train(table, config, (one) => seen.push(one));
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual([
      ...['search', 'folds', 'fit', 'evaluate'],
    ]);
    seen
      .slice(1)
      .forEach(({ progress }, i) => expect(progress).toBeGreaterThanOrEqual(seen[i].progress));
    expect(seen.at(-1)!.progress).toBe(1);
    const fit = seen.filter(({ stage }) => stage === 'fit');
    expect(fit.map(({ epoch }) => epoch)).toEqual([...Array(20).keys()].map((i) => i + 1));
    expect(fit[19].metrics.accuracy).toBeGreaterThan(0.8);
    expect(foldScores).toHaveLength(3);
    expect(modelConfig.nEstimators).toBe(20);
  });

  it('keeps the rows of a group together', async () => {
    const { roles } = await train(
      table,
      aConfig({ roles: { kepid: 'group', temperature: 'ignore' } }),
    );
    expect(roles.find(({ name }) => name === 'kepid')!.role).toBe('group');
    const noGroup = aConfig({
      split: { testShare: 0.2, method: 'group' },
      roles: { kepid: 'ignore' },
    });
    await expect(train(table, noGroup)).rejects.toThrow(/split.method/);
  });

  it('D.3 does not leak the target through its codes: words without meaning say nothing', async () => {
    const random = seededRandom(5);
    const records = Array.from({ length: 1500 }, () => [
      `star ${random.integer(300)}`,
      random.uniform().toFixed(6),
      random.uniform() < 0.5 ? 'yes' : 'no',
    ]);
    const noise = tableOf(['star', 'x', 'label'], records);
    const config = aConfig({ roles: { star: 'category' }, encoding: 'target', calibrate: false });
    const { evaluation: found, importances } = await train(noise, config);
    expect(Math.abs(found.metrics.macro_auc - 0.5)).toBeLessThan(0.08);
    // Codes that held a row's own target would be split by above all.
    const star = importances.find(({ column }) => column === 'star')!;
    expect(star.gain!).toBeLessThan(0.6);
  });

  it('lets nothing that chooses see the test rows: other targets there change no byte', async () => {
    const config = aConfig({
      modelConfig: { selectedModel: 'gradient_boosting', nEstimators: 60 },
      split: { testShare: 0.2, method: 'random' },
    });
    const { held } = holdOut({ rows: table.rows }, 0.2, seededRandom(config.seed));
    const isTest = new Set(held);
    const turned = table.columns.map(({ name, cells }) => ({
      name,
      cells: cells.map((cell, row) =>
        name === 'label' && isTest.has(row) ? (cell === 'FALSE' ? 'PLANET' : 'FALSE') : cell,
      ),
    }));
    const [own, other] = [
      await train(table, config),
      await train({ rows: table.rows, columns: turned }, config),
    ];
    expect(other.model).toEqual(own.model);
    expect(other.calibration).toEqual(own.calibration);
    const sum = own.evaluation.metrics.accuracy + other.evaluation.metrics.accuracy;
    expect(sum).toBeCloseTo(1, 9);
  });

  it.each([
    ['target_column', { targetColumn: 'nobody' }],
    ['roles.nobody', { roles: { nobody: 'number' as const } }],
    ['target_column', { targetColumn: 'mission', taskType: 'regression' as const }],
  ])('D.3 refuses with the field %s', async (field, rest) => {
    const refused = train(table, aConfig(rest));
    await expect(refused).rejects.toThrow(TrainingInputError);
    await expect(refused).rejects.toMatchObject({ field });
  });
});
