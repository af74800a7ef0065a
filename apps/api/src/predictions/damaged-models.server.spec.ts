import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '#inference';
import { modelFileKey } from '#platform/models';
import { ObjectStore } from '#platform/storage';
import {
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aDraft, completed } from '../../../../test/support/drafts.js';
import { aModelFolder, type ModelFolder } from '../../../../test/support/model-folder.js';
import type { VersionOptions } from '../../../../test/support/models.js';
import { unknownOperatorGraph } from '../../../../test/support/onnx.js';
import { aStoredModel } from '../../../../test/support/stored-models.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

const INPUTS = { period: 1, radius: 1 };

/** Models whose files were damaged after they were registered, on real servers. */
describe('a damaged model', () => {
  let folder: ModelFolder;
  let api: TestApi;
  let store: ObjectStore;
  let team: Client;

  beforeAll(async () => {
    folder = await aModelFolder([{ name: 'koi-one' }]);
    api = await startApi(createApp, AppModule, {
      MODEL_REGISTRY_PATH: folder.registry.folder,
      CACHE_SIZE: '1',
    });
    store = api.app.get(ObjectStore);
    team = await aLoggedInTeam(api);
  });
  afterAll(async () => {
    await api.close();
    await folder.remove();
  });

  const registered = async (options: VersionOptions & { readonly name: string }) => {
    await team.post('/api/v1/models', { name: options.name });
    const version = await aDraft(team, options);
    const { status, body } = await completed(team, version);
    if (status !== 200) throw new Error(body.detail);
    return version;
  };
  const keyOf = async (name: string, version: string, file: string) => {
    const { id } = await api.database.modelVersion.findFirstOrThrow({
      where: { version, model: { name, teamId: team.teamId } },
    });
    return modelFileKey(id, file);
  };
  const overwrite = async (name: string, version: string, file: string, bytes: Uint8Array) =>
    store.put(await keyOf(name, version, file), bytes, 'application/octet-stream');
  const promote = (name: string, version: string) =>
    team.post(`/api/v1/models/${name}/aliases/champion`, { version });
  const ask = (model: string, client = team) =>
    client.post('/api/v1/predict', { model, inputs: INPUTS });
  const expectOthersServe = async () => {
    expect((await ask('koi-one')).status).toBe(200);
    expect((await call(api, 'GET', '/readiness')).status).toBe(200);
  };

  it('A.45 E.31 is refused when it is loaded, by file and with both checksums; all else goes on', async () => {
    const { files } = await registered({ name: 'overwritten' });
    const graph = files.get('inputs.onnx')!;
    const other = graph.toReversed();
    await overwrite('overwritten', '1.0.0', 'inputs.onnx', other);
    const { status, body, headers } = await ask('overwritten');
    expect([status, body.type]).toEqual([503, '/problems/model-unavailable']);
    expect(body).toMatchObject({ model: 'overwritten@1.0.0', faults: [expect.any(String)] });
    for (const part of ['inputs.onnx', sha256Of(graph), sha256Of(other)]) {
      expect(body.detail).toContain(part);
    }
    expect(headers.get('retry-after')).toBe('30');
    await expectOthersServe();
  });

  it('serves on where it is in memory: what was loaded was checked', async () => {
    await registered({ name: 'in-memory' });
    expect((await ask('in-memory')).status).toBe(200);
    await overwrite('in-memory', '1.0.0', 'inputs.onnx', Buffer.from('no graph'));
    expect((await ask('in-memory')).status).toBe(200);
  });

  it('E.20 gives way to the champion before it, and the answer says so', async () => {
    await registered({ name: 'followed' });
    const { files } = await registered({ name: 'followed', version: '1.1.0', bias: [3, 0, 0] });
    await promote('followed', '1.1.0');
    await overwrite('followed', '1.1.0', 'inputs.onnx', files.get('inputs.onnx')!.toReversed());
    await ask('koi-one'); // there is room for one graph: that of 1.1.0 is loaded again
    const { status, body } = await ask('followed');
    expect([status, body.model.version, body.instead_of]).toEqual([200, '1.0.0', 'followed@1.1.0']);
    const named = await ask('followed@1.1.0');
    expect([named.status, named.body.type]).toEqual([503, '/problems/model-unavailable']);
    await expectOthersServe();
  });

  it('does not become champion', async () => {
    await registered({ name: 'unfit' });
    const { files } = await registered({ name: 'unfit', version: '1.1.0', bias: [3, 0, 0] });
    await overwrite('unfit', '1.1.0', 'inputs.golden.json', files.get('inputs.onnx')!);
    const { status, body } = await promote('unfit', '1.1.0');
    expect([status, body.type]).toEqual([503, '/problems/model-unavailable']);
    expect(body.detail).toContain('inputs.golden.json');
    expect((await ask('unfit')).body.model.version).toBe('1.0.0');
  });

  it('whose graph the runtime no longer takes gives way as well', async () => {
    // Its files are those that were registered, with a runtime that had the operator.
    const versions = [{}, { version: '1.1.0', graph: unknownOperatorGraph(2, 3) }];
    const model = { teamId: team.teamId, name: 'outdated', versions };
    await aStoredModel(api.database, store, model);
    const named = await ask('outdated@1.1.0');
    expect([named.status, named.body.type]).toEqual([503, '/problems/model-unavailable']);
    expect(named.body.faults).toEqual([
      expect.stringMatching(/^inputs\.onnx cannot be loaded: .*FoldTransits/),
    ]);
    const { body } = await ask('outdated');
    expect([body.model.version, body.instead_of]).toEqual(['1.0.0', 'outdated@1.1.0']);
    await expectOthersServe();
  });

  it('does no harm to one that has the same graph, whole', async () => {
    const others = await aLoggedInTeam(api);
    const options = { name: 'twin', bias: [0, 7, 0] };
    await registered(options);
    await overwrite('twin', '1.0.0', 'inputs.onnx', Buffer.from('no graph'));
    await others.post('/api/v1/models', { name: 'twin' });
    await completed(others, await aDraft(others, options));
    expect((await ask('twin')).status).toBe(503);
    expect((await ask('twin', others)).status).toBe(200);
    expect((await ask('twin')).status).toBe(503);
  });
});
