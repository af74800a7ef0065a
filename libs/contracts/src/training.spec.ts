import { describe, expect, it } from 'vitest';
import { trainingConfig } from './training.js';

const aConfig = (rest: object = {}) => ({
  target_column: 'koi_disposition',
  task_type: 'classification',
  model_config: { selected_model: 'random_forest' },
  ...rest,
});

function refusals(config: object): string[] {
  const { error } = trainingConfig.safeParse(config);
  return (error?.issues ?? []).map(({ path }) => path.join('.'));
}

describe('the wish to train a model', () => {
  it('D.18 takes a model, a target and a task, and knows all else', () => {
    const config = trainingConfig.parse(aConfig());
    expect(config).toMatchObject({ encoding: 'one_hot', seed: 1, split: { test_share: 0.2 } });
  });

  it('refuses a setting that the model does not have, by its name', () => {
    const model_config = { selected_model: 'random_forest', learning_rate: 0.1 };
    expect(refusals(aConfig({ model_config }))).toEqual(['model_config.learning_rate']);
  });

  it('refuses a model of the other task', () => {
    expect(refusals(aConfig({ model_config: { selected_model: 'ridge' } }))).toEqual([
      'model_config.selected_model',
    ]);
    const model_config = { selected_model: 'logistic_regression' };
    expect(refusals(aConfig({ task_type: 'regression', model_config }))).toEqual([
      'model_config.selected_model',
    ]);
  });

  it('refuses to balance or to stratify a regression', () => {
    const config = { task_type: 'regression', imbalance: 'smote', split: { method: 'stratified' } };
    expect(refusals(aConfig(config))).toEqual(['imbalance', 'split.method']);
  });

  it('refuses another role for the target', () => {
    expect(refusals(aConfig({ roles: { koi_disposition: 'ignore' } }))).toEqual([
      'roles.koi_disposition',
    ]);
  });

  it('refuses a misspelt field and one fold', () => {
    expect(refusals(aConfig({ folds: 1 }))).toEqual(['folds']);
    expect(trainingConfig.safeParse(aConfig({ fold: 5 })).success).toBe(false);
  });
});
