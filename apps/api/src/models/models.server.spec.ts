import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '#platform/storage';
import {
  aLoggedInMember,
  aLoggedInTeam,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aModelFolder, type ModelFolder } from '../../../../test/support/model-folder.js';
import { aVersion, type VersionOptions } from '../../../../test/support/models.js';
import { aStoredModel } from '../../../../test/support/stored-models.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

describe('models', () => {
  let folder: ModelFolder;
  let api: TestApi;
  let team: Client;
  let others: Client;

  beforeAll(async () => {
    folder = await aModelFolder([{ name: 'koi-one' }]);
    const { registry } = folder;
    await registry.move('koi-one', 'champion', '1.0.0', 'test', 'the only one');
    api = await startApi(createApp, AppModule, { MODEL_REGISTRY_PATH: registry.folder });
    team = await aLoggedInTeam(api);
    others = await aLoggedInTeam(api);
  });
  afterAll(async () => {
    await api.close();
    await folder.remove();
  });

  const ownModel = (name: string, versions: readonly VersionOptions[]) =>
    aStoredModel(api.database, api.app.get(ObjectStore), { teamId: team.teamId, name, versions });
  const worth = (version: string, macroAuc: number): VersionOptions => ({
    version,
    bias: [macroAuc, 0, 0],
    evaluation: { metrics: { macro_auc: macroAuc } },
  });
  const promote = (name: string, version: string, alias = 'champion', client = team) =>
    client.post(`/api/v1/models/${name}/aliases/${alias}`, { version });
  const rollback = (name: string, client = team) =>
    client.post(`/api/v1/models/${name}/aliases/champion/rollback`, {});

  it('E.12 are listed: those of the platform, and the team’s own', async () => {
    await ownModel('listed', [worth('1.0.0', 0.8), worth('1.1.0', 0.9)]);
    const { body } = await team.get('/api/v1/models');
    const names = body.items.map(({ name, owner }: Record<string, string>) => [name, owner]);
    expect(names).toEqual(
      expect.arrayContaining([
        ['koi-one', 'platform'],
        ['listed', 'team'],
      ]),
    );
    const listed = body.items.find(({ name }: { name: string }) => name === 'listed');
    expect(listed.aliases).toEqual({ latest: '1.1.0' });
    expect(listed.versions.map(({ version }: { version: string }) => version)).toEqual([
      '1.1.0',
      '1.0.0',
    ]);
    const theirs = await others.get('/api/v1/models');
    expect(theirs.body.items.map(({ name }: { name: string }) => name)).toEqual(['koi-one']);
  });

  it('A.21 A.45 shows what serves, its checksum, and whether it is loaded', async () => {
    const info = async () => (await team.get('/api/v1/model/info')).body;
    const one = async () =>
      (await info()).models.find(({ name }: { name: string }) => name === 'koi-one');
    expect(await one()).toMatchObject({
      version: '1.0.0',
      schemas: [{ name: 'inputs', features: 2, sha256: expect.any(String), is_loaded: false }],
      problem: null,
    });
    await team.post('/api/v1/predict', { model: 'koi-one', inputs: { period: 1, radius: 1 } });
    expect((await one()).schemas[0].is_loaded).toBe(true);
    expect((await info()).cache).toEqual({ capacity: 3, held: 1 });
  });

  it('E.17 shows a version by number or alias, with its metadata as they were written', async () => {
    const { body } = await team.get('/api/v1/models/koi-one/versions/champion');
    expect(body).toMatchObject({
      name: 'koi-one',
      version: '1.0.0',
      aliases: ['latest', 'champion'],
    });
    expect(body.metadata).toEqual(
      JSON.parse(JSON.stringify(aVersion({ name: 'koi-one' }).metadata)),
    );
    expect((await team.get('/api/v1/models/koi-one/versions/2.0.0')).status).toBe(404);
  });

  it('E.19 are validated by their golden inputs', async () => {
    const { body } = await team.post('/api/v1/models/koi-one/versions/latest/validate');
    expect(body).toMatchObject({
      reference: 'koi-one@1.0.0',
      is_good: true,
      schemas: [{ schema: 'inputs', samples: 1, is_good: true }],
    });
  });

  it('E.18 are compared, version by version', async () => {
    await ownModel('compared', [worth('1.0.0', 0.8), worth('1.1.0', 0.9)]);
    const path = '/api/v1/models/compared/compare?version_a=1.0.0&version_b=latest';
    const { body } = await team.get(path);
    expect(body).toMatchObject({
      a: 'compared@1.0.0',
      b: 'compared@1.1.0',
      schemas: [
        {
          is_same_set: true,
          metrics: { macro_auc: { a: 0.8, b: 0.9 } },
          columns: { added: [], removed: [], changed: [] },
        },
      ],
    });
    expect(body.schemas[0].seconds_a_row.a).toBeGreaterThan(0);
  });

  it('E.20 are promoted and rolled back, and who did it when stays written', async () => {
    await ownModel('moved', [worth('1.0.0', 0.8), worth('1.1.0', 0.9)]);
    expect((await promote('moved', '1.0.0')).body.aliases.champion).toBe('1.0.0');
    expect((await promote('moved', 'latest')).body.aliases.champion).toBe('1.1.0');
    const { body } = await rollback('moved');
    expect(body.aliases.champion).toBe('1.0.0');
    const moves = body.history.filter(({ alias }: { alias: string }) => alias === 'champion');
    expect(
      moves.map(({ version, by, note }: Record<string, string>) => [version, by, note]),
    ).toEqual([
      ['1.0.0', team.email, 'back from 1.1.0'],
      ['1.1.0', team.email, ''],
      ['1.0.0', team.email, ''],
    ]);
    const again = await rollback('moved');
    expect([again.status, again.body.type]).toEqual([409, '/problems/nothing-to-roll-back']);
  });

  it('serve what they were promoted to at once', async () => {
    await ownModel('served', [worth('1.0.0', 0.8), worth('1.1.0', 0.9)]);
    await promote('served', '1.0.0');
    const ask = async () =>
      (await team.post('/api/v1/predict', { model: 'served', inputs: { period: 1, radius: 1 } }))
        .body.model.version;
    expect(await ask()).toBe('1.0.0');
    await promote('served', '1.1.0');
    expect(await ask()).toBe('1.1.0');
    // Also where the change comes from another process.
    await api.database.modelAliasMove.create({
      data: {
        modelId: (
          await api.database.registeredModel.findFirstOrThrow({ where: { name: 'served' } })
        ).id,
        versionId: (
          await api.database.modelVersion.findFirstOrThrow({
            where: { version: '1.0.0', model: { name: 'served' } },
          })
        ).id,
        alias: 'champion',
        movedBy: 'another process',
      },
    });
    await expect.poll(ask).toBe('1.0.0');
  });

  it('do not become worse', async () => {
    await ownModel('kept', [worth('1.0.0', 0.9), worth('1.1.0', 0.8)]);
    await promote('kept', '1.0.0');
    const refusal = await promote('kept', '1.1.0');
    expect([refusal.status, refusal.body.type]).toEqual([409, '/problems/promotion-refused']);
    expect(refusal.body.reasons).toEqual([expect.stringContaining('0.8, below the 0.9')]);
    expect((await promote('kept', '1.1.0', 'challenger')).status).toBe(200);
    const { body } = await team.get('/api/v1/models/kept');
    expect(body.aliases).toEqual({ latest: '1.1.0', champion: '1.0.0', challenger: '1.1.0' });
  });

  it('of the platform are moved by nobody of a team, and none by a reviewer', async () => {
    const answer = await promote('koi-one', '1.0.0');
    expect([answer.status, answer.body.type]).toEqual([403, '/problems/platform-model']);
    await ownModel('guarded', [worth('1.0.0', 0.9)]);
    const reviewer = await aLoggedInMember(api, team, 'reviewer');
    expect((await promote('guarded', '1.0.0', 'champion', reviewer)).status).toBe(403);
    expect((await promote('guarded', '1.0.0', 'champion', others)).status).toBe(404);
  });

  it('let one of two who promote at the same time win, and tell the other', async () => {
    await ownModel('raced', [worth('1.0.0', 0.9), worth('1.1.0', 0.9)]);
    const answers = await Promise.all([promote('raced', '1.0.0'), promote('raced', '1.1.0')]);
    const { body } = await team.get('/api/v1/models/raced');
    const moves = body.history.filter(({ alias }: { alias: string }) => alias === 'champion');
    const won = answers.filter(({ status }) => status === 200).length;
    expect(won).toBeGreaterThanOrEqual(1);
    expect(moves).toHaveLength(won);
    for (const { status, body: problem } of answers) {
      if (status !== 200) expect(problem.type).toBe('/problems/promotion-refused');
    }
  });

  it('never change once they are registered, nor does their history', async () => {
    const id = await ownModel('stable', [worth('1.0.0', 0.9)]);
    const version = { modelId_version: { modelId: id, version: '1.0.0' } };
    await expect(
      api.database.modelVersion.update({ where: version, data: { createdBy: 'somebody' } }),
    ).rejects.toThrow(/model_versions is never changed/);
    await expect(
      api.database.modelAliasMove.updateMany({ where: { modelId: id }, data: { note: 'x' } }),
    ).rejects.toThrow(/model_alias_moves is never changed/);
  });
});
