import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '#contracts';
import { ObjectStore } from '#platform/storage';
import {
  aLoggedInTeam,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aDraft, completed } from '../../../../test/support/drafts.js';
import { softmaxGraph } from '../../../../test/support/onnx.js';
import { aStoredModel } from '../../../../test/support/stored-models.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

const SECTOR_1 = { name: 'sector 1, held out', sha256: '1'.repeat(64), rows: 400 };
const SECTOR_2 = { name: 'sector 2, held out', sha256: '2'.repeat(64), rows: 400 };

/** Versions that were announced, sent, checked and registered over HTTP. */
describe('promotion of a registered version', () => {
  let api: TestApi;
  let team: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    team = await aLoggedInTeam(api);
  });
  afterAll(() => api.close());

  const register = async (name: string, version: string, evaluation: Partial<Evaluation>) => {
    const bias = [Number(version[2]), 0, 0]; // each has a graph of its own
    const draft = await aDraft(team, { name, version, bias, evaluation });
    const { status, body } = await completed(team, draft);
    if (status !== 200) throw new Error(body.detail);
  };
  const worth = (macroAuc: number, set = SECTOR_1): Partial<Evaluation> => ({
    set,
    metrics: { macro_auc: macroAuc, accuracy: 1 - macroAuc },
  });
  /** A model whose champion is worth 0.9 on sector 1, and another version. */
  const rivals = async (name: string, evaluation: Partial<Evaluation>) => {
    await team.post('/api/v1/models', { name });
    await register(name, '1.0.0', worth(0.9));
    await register(name, '1.1.0', evaluation);
  };
  const promote = (name: string, version: string, note = '') =>
    team.post(`/api/v1/models/${name}/aliases/champion`, { version, note });
  const champion = async (name: string) => {
    const inputs = { period: 1, radius: 1 };
    const { body } = await team.post('/api/v1/predict', { model: name, inputs });
    return body.model.version;
  };

  it('E.18 E.20 lets a better one serve, and writes down who chose it', async () => {
    await rivals('better', worth(0.91));
    const { status, body } = await promote('better', '1.1.0', 'after sector 1');
    expect([status, body.aliases.champion]).toEqual([200, '1.1.0']);
    expect(body.history[0]).toMatchObject({ by: team.email, note: 'after sector 1' });
    expect(await champion('better')).toBe('1.1.0');
  });

  it('is refused to a worse one, with both numbers and the rows they stand for', async () => {
    await rivals('worse', worth(0.89));
    const { status, body } = await promote('worse', '1.1.0');
    expect([status, body.type]).toEqual([409, '/problems/promotion-refused']);
    expect(body.reasons).toEqual([
      'In the schema inputs its macro_auc on sector 1, held out is 0.89, below the 0.9 of worse@1.0.0.',
    ]);
    expect(await champion('worse')).toBe('1.0.0');
  });

  it('is refused where the two were judged on different rows, however good it is', async () => {
    await rivals('elsewhere', worth(0.99, SECTOR_2));
    const { body } = await promote('elsewhere', '1.1.0');
    expect(body.reasons).toEqual([
      'The schema inputs was evaluated on sector 2, held out, elsewhere@1.0.0 on sector 1, held out: they cannot be compared.',
    ]);
    expect(await champion('elsewhere')).toBe('1.0.0');
  });

  it('judges by the metric that the version names as decisive', async () => {
    await rivals('accurate', { ...worth(0.85), decisive: 'accuracy' });
    expect((await promote('accurate', '1.1.0')).status).toBe(200);
  });

  it('E.19 is refused to one whose golden inputs no longer give what they gave', async () => {
    // Their files are those that were registered: another runtime may compute another thing.
    const graph = softmaxGraph({ weights: [0, 0].map(() => [0, 0, 0]), bias: [3, 0, 0] });
    const versions = [{}, { version: '1.1.0', graph }];
    const model = { teamId: team.teamId, name: 'drifted', versions };
    await aStoredModel(api.database, api.app.get(ObjectStore), model);
    expect((await promote('drifted', '1.0.0')).status).toBe(200);
    const { status, body } = await promote('drifted', '1.1.0');
    expect([status, body.type]).toEqual([409, '/problems/promotion-refused']);
    expect(body.reasons).toEqual([
      expect.stringMatching(/^Its golden inputs of the schema inputs differ by 0\.\d+, more than/),
    ]);
  });

  it('is judged against who is champion by now, not against who was', async () => {
    await rivals('moved-on', worth(0.95));
    await register('moved-on', '1.2.0', worth(0.92));
    expect(await champion('moved-on')).toBe('1.0.0');
    // Another process promotes, and its notification is lost.
    await api.database
      .$executeRaw`ALTER TABLE model_alias_moves DISABLE TRIGGER model_alias_moves_ring`;
    const { id, modelId } = await api.database.modelVersion.findFirstOrThrow({
      where: { version: '1.1.0', model: { name: 'moved-on' } },
    });
    await api.database.modelAliasMove.create({
      data: { modelId, versionId: id, alias: 'champion', movedBy: 'another process' },
    });
    await api.database
      .$executeRaw`ALTER TABLE model_alias_moves ENABLE TRIGGER model_alias_moves_ring`;
    const { status, body } = await promote('moved-on', '1.2.0');
    expect([status, body.reasons]).toEqual([
      409,
      [expect.stringContaining('0.92, below the 0.95 of moved-on@1.1.0')],
    ]);
  });
});
