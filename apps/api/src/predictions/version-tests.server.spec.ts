import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aModelFolder, type ModelFolder } from '../../../../test/support/model-folder.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

describe('E.22 a challenger in the shadow', () => {
  let folder: ModelFolder;
  let api: TestApi;
  let team: Client;

  beforeAll(async () => {
    folder = await aModelFolder([
      { version: '1.0.0', bias: [9, 0, 0] },
      { version: '1.1.0', bias: [0, 0, 9] },
    ]);
    const { registry } = folder;
    await registry.move('koi-softmax', 'champion', '1.0.0', 'test', '');
    await registry.move('koi-softmax', 'challenger', '1.1.0', 'test', '');
    api = await startApi(createApp, AppModule, {
      MODEL_REGISTRY_PATH: registry.folder,
      ENABLE_AB_TESTING: 'true',
      AB_MODE: 'shadow',
      AB_CHALLENGER_SHARE: '1',
    });
    team = await aLoggedInTeam(api);
  });
  afterAll(async () => {
    await api.close();
    await folder.remove();
  });

  it('changes no answer; where it differs is kept and counted', async () => {
    const { body, headers } = await team.post('/api/v1/predict', {
      inputs: { period: 1, radius: 1 },
      subject: 'TIC 1',
    });
    expect(body.prediction.class_name).toBe('CONFIRMED');
    expect([body.model.version, body.variant]).toEqual(['1.0.0', 'champion']);
    const kept = () =>
      api.database.prediction.findFirst({ where: { requestId: headers.get('x-request-id') } });
    await expect
      .poll(async () => (await kept())?.shadow)
      .toMatchObject({
        verdict: 'other',
        version: '1.1.0',
        output: { class_name: 'FALSE_POSITIVE' },
      });
    const { body: metrics } = await call(api, 'GET', '/metrics');
    expect(metrics).toMatch(
      /lightfold_shadow_predictions_total\{model="koi-softmax",verdict="other"[^}]*\} 1/,
    );
  });
});
