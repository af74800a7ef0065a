import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '#inference';
import { draftFileKey, ModelDrafts, modelFileKey } from '#platform/models';
import { ObjectStore } from '#platform/storage';
import {
  aLoggedInMember,
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aDraft, announced, completed, sent } from '../../../../test/support/drafts.js';
import { fake } from '../../../../test/support/fake.js';
import { aModelFolder, type ModelFolder } from '../../../../test/support/model-folder.js';
import {
  aVersion,
  type TestVersion,
  type VersionOptions,
} from '../../../../test/support/models.js';
import { unknownOperatorGraph } from '../../../../test/support/onnx.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

const QUOTA = 100_000;

interface Upload {
  readonly file: string;
  readonly has_arrived: boolean;
}

describe('a version that a team registers', () => {
  let folder: ModelFolder;
  let api: TestApi;
  let store: ObjectStore;
  let team: Client;
  let others: Client;

  beforeAll(async () => {
    folder = await aModelFolder([{ name: 'koi-one' }]);
    api = await startApi(createApp, AppModule, {
      MODEL_REGISTRY_PATH: folder.registry.folder,
      MODEL_MAX_BYTES: '20000',
      TEAM_QUOTA_BYTES: String(QUOTA),
    });
    store = api.app.get(ObjectStore);
    team = await aLoggedInTeam(api);
    others = await aLoggedInTeam(api);
  });
  afterAll(async () => {
    await api.close();
    await folder.remove();
  });

  const named = (name: string, client = team) => client.post('/api/v1/models', { name });
  const draftPath = ({ metadata: { name, version } }: TestVersion) =>
    `/api/v1/models/${name}/versions/${version}/draft`;
  const draftRow = ({ metadata: { name, version } }: TestVersion) =>
    api.database.modelVersion.findFirstOrThrow({
      where: { version, model: { name, teamId: team.teamId } },
    });
  const usedBytes = async (client = team) => (await client.get('/api/v1/storage')).body.used_bytes;
  const sizeOf = ({ files }: TestVersion) =>
    [...files].reduce(
      (sum, [name, bytes]) => sum + (name === 'metadata.json' ? 0 : bytes.length),
      0,
    );
  /** A draft of a model of its own. */
  const aNewDraft = async (options: VersionOptions & { readonly name: string }) => {
    await named(options.name);
    return aDraft(team, options);
  };
  const ask = (model: string, client = team) =>
    client.post('/api/v1/predict', { model, inputs: { period: 1, radius: 1 } });

  describe('and all is well', () => {
    it('E.15 D.22 is announced, sent, checked, and then serves', async () => {
      expect((await named('first')).body).toMatchObject({ name: 'first', versions: [] });
      const version = aVersion({ name: 'first' });
      const { status, body } = await announced(team, version);
      expect(status).toBe(201);
      expect(body).toMatchObject({ name: 'first', version: '1.0.0' });
      expect(body.uploads).toEqual(
        ['inputs.onnx', 'inputs.preprocessing.json', 'inputs.golden.json'].map((file) => ({
          file,
          size_bytes: version.files.get(file)!.length,
          sha256: sha256Of(version.files.get(file)!),
          has_arrived: false,
          method: 'PUT',
          url: expect.stringMatching(/^http/),
          headers: expect.objectContaining({ 'Content-Type': 'application/octet-stream' }),
        })),
      );
      await sent(body, version);
      const done = await team.post('/api/v1/models/first/versions/1.0.0/complete', {
        note: 'by hand',
      });
      expect(done.status).toBe(200);
      expect(done.body).toMatchObject({
        version: '1.0.0',
        aliases: ['latest', 'champion'],
        created_by: team.email,
        metadata: JSON.parse(JSON.stringify(version.metadata)),
      });
      expect((await ask('first')).body.model.version).toBe('1.0.0');
    });

    it('E.20 is latest at once, and champion only where it is the first', async () => {
      await completed(team, await aNewDraft({ name: 'second' }));
      await completed(
        team,
        await aDraft(team, { name: 'second', version: '1.1.0', bias: [1, 0, 0] }),
      );
      const { body } = await team.get('/api/v1/models/second');
      expect(body.aliases).toEqual({ latest: '1.1.0', champion: '1.0.0' });
      const moves = body.history.map(({ alias, version, by }: Record<string, string>) => [
        alias,
        version,
        by,
      ]);
      expect(moves).toEqual([
        ['latest', '1.1.0', team.email],
        ['champion', '1.0.0', team.email],
        ['latest', '1.0.0', team.email],
      ]);
    });

    it('is completed once, however often and by however many it is said', async () => {
      const version = await aNewDraft({ name: 'twice' });
      const answers = await Promise.all([1, 2, 3].map(() => completed(team, version)));
      answers.push(await completed(team, version));
      for (const { status, body } of answers) {
        expect([status, body]).toEqual([200, answers[0].body]);
      }
      const { body } = await team.get('/api/v1/models/twice');
      expect(body.history).toHaveLength(2);
    });

    it('E.20 cannot be written to any more, not even by a URL that is still valid', async () => {
      await named('sealed');
      const version = aVersion({ name: 'sealed' });
      const { body } = await announced(team, version);
      await sent(body, version);
      await completed(team, version);
      const { 'inputs.onnx': graph } = Object.fromEntries(version.files);
      await sent(body, version, { 'inputs.onnx': graph.toReversed() });
      const check = await team.post('/api/v1/models/sealed/versions/1.0.0/validate');
      expect(check.body.is_good).toBe(true);
    });

    it('leaves nothing of its draft, and keeps what was copied', async () => {
      const version = await aNewDraft({ name: 'copied' });
      const { id: draftId } = await draftRow(version);
      await completed(team, version);
      const { id } = await draftRow(version);
      const leaving = (await api.database.objectDeletion.findMany()).map((row) => row.objectKey);
      for (const file of ['inputs.onnx', 'inputs.preprocessing.json', 'inputs.golden.json']) {
        const key = draftFileKey(draftId, file);
        expect(leaving.filter((each) => each === key)).toHaveLength(2);
        expect(leaving).not.toContain(modelFileKey(id, file));
        expect(await store.head(modelFileKey(id, file))).not.toBeNull();
      }
    });

    it('is one version for who repeats the announcement with its Idempotency-Key', async () => {
      await named('keyed');
      const { metadata } = aVersion({ name: 'keyed' });
      const announce = () =>
        team.post(
          '/api/v1/models/keyed/versions',
          { metadata },
          {
            headers: { 'idempotency-key': 'keyed-1' },
          },
        );
      const [first, second] = [await announce(), await announce()];
      expect([second.status, second.body]).toEqual([201, first.body]);
    });
  });

  describe('and something is wrong', () => {
    const complaint = async (version: TestVersion) => {
      const { status, body } = await completed(team, version);
      return { status, body };
    };
    /** Still a draft, and nobody sees it. */
    const expectNothingDone = async (version: TestVersion) => {
      expect((await draftRow(version)).registeredAt).toBeNull();
      expect((await ask(version.metadata.name)).status).toBe(404);
    };

    it('names the files that are missing, or have another size', async () => {
      await named('partial');
      const version = aVersion({ name: 'partial' });
      const { body: draft } = await announced(team, version);
      await sent({ uploads: [draft.uploads[0]] }, version);
      // As a store that checks no signature would take it.
      const { id } = await draftRow(version);
      const key = draftFileKey(id, 'inputs.preprocessing.json');
      await store.put(key, new Uint8Array(3), 'application/octet-stream');
      const { status, body } = await complaint(version);
      expect([status, body.type]).toEqual([409, '/problems/version-incomplete']);
      expect(body.files).toMatchObject([
        { file: 'inputs.preprocessing.json', found_bytes: 3, found_sha256: null },
        { file: 'inputs.golden.json', found_bytes: null },
      ]);
      await expectNothingDone(version);
    });

    it('A.45 E.31 names a file with other bytes and both checksums, and takes it when it is mended', async () => {
      const version = await aNewDraft({ name: 'bitten' });
      const graph = version.files.get('inputs.onnx')!;
      const bitten = graph.with(5, graph[5] ^ 1);
      const { body: draft } = await team.get(draftPath(version));
      expect(draft.uploads.map((each: { has_arrived: boolean }) => each.has_arrived)).toEqual([
        true,
        true,
        true,
      ]);
      await sent({ uploads: [draft.uploads[0]] }, version, { 'inputs.onnx': bitten });
      const { status, body } = await complaint(version);
      expect([status, body.type]).toEqual([409, '/problems/version-incomplete']);
      expect(body.detail).toBe(
        `inputs.onnx has the SHA-256 ${sha256Of(bitten)}, not ${sha256Of(graph)}.`,
      );
      await expectNothingDone(version);
      await sent({ uploads: [draft.uploads[0]] }, version);
      expect((await completed(team, version)).status).toBe(200);
    });

    it('E.31 refuses a graph that is well formed and that the runtime does not take', async () => {
      const version = await aNewDraft({ name: 'unknown', graph: unknownOperatorGraph(2, 3) });
      const { status, body } = await complaint(version);
      expect([status, body.type]).toEqual([409, '/problems/version-refused']);
      expect(body.faults).toEqual([
        expect.stringMatching(/^inputs\.onnx cannot be loaded: .*FoldTransits/),
      ]);
      await expectNothingDone(version);
      expect((await ask('koi-one')).status).toBe(200);
    });

    it('E.19 refuses golden inputs that the graph does not give, and takes what was mended alone', async () => {
      const made = aVersion({ name: 'forgetful', bias: [0, 0, 2] });
      const other = aVersion({ name: 'forgetful' });
      const [schema] = made.metadata.input_schemas;
      const { golden } = other.metadata.input_schemas[0];
      const version = {
        metadata: { ...made.metadata, input_schemas: [{ ...schema, golden }] },
        files: new Map(made.files).set(golden.file, other.files.get(golden.file)!),
      };
      await named('forgetful');
      await sent((await announced(team, version)).body, version);
      const { status, body } = await complaint(version);
      expect([status, body.type]).toEqual([409, '/problems/version-refused']);
      expect(body.detail).toContain('The golden inputs of the schema inputs differ by');
      await expectNothingDone(version);

      const amended = await call(api, 'PUT', draftPath(version), {
        body: { metadata: made.metadata },
        headers: { authorization: `Bearer ${team.accessToken}` },
      });
      expect(amended.status).toBe(200);
      const uploads = amended.body.uploads.filter(
        ({ file }: { file: string }) => file === golden.file,
      );
      await sent({ uploads }, made);
      expect((await completed(team, made)).status).toBe(200);
    });

    it('E.14 refuses metadata that do not fit, by field, before anything is written', async () => {
      await named('unfit');
      const { metadata } = aVersion({ name: 'unfit' });
      const [schema] = metadata.input_schemas;
      const wrong = {
        ...metadata,
        licence: 7,
        input_schemas: [{ ...schema, features: 0, feature: 1 }],
      };
      const { status, body } = await team.post('/api/v1/models/unfit/versions', {
        metadata: wrong,
      });
      expect([status, body.type]).toEqual([422, '/problems/invalid-request']);
      expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
        '#/metadata/input_schemas/0/feature',
        '#/metadata/input_schemas/0/features',
        '#/metadata/licence',
      ]);
      expect((await team.get('/api/v1/models/unfit')).body.versions).toEqual([]);
    });

    it('refuses metadata of another name, of too many bytes, or with one file twice', async () => {
      await named('other-name');
      const { metadata } = aVersion({ name: 'other' });
      const [schema] = metadata.input_schemas;
      const { status, body } = await team.post('/api/v1/models/other-name/versions', {
        metadata: {
          ...metadata,
          input_schemas: [
            { ...schema, model: { ...schema.model, size_bytes: 20_000 } },
            { ...schema, name: 'more', golden: { ...schema.golden, sha256: 'a'.repeat(64) } },
          ],
        },
      });
      expect([status, body.type]).toEqual([422, '/problems/invalid-request']);
      const details = body.errors.map(({ detail }: { detail: string }) => detail);
      expect(details).toEqual([
        'Must be other-name, as in the path',
        'Names inputs.onnx twice, with other contents',
        'Names inputs.golden.json twice, with other contents',
      ]);
      const large = { ...schema, model: { ...schema.model, size_bytes: 20_000 } };
      const tooLarge = await team.post('/api/v1/models/other-name/versions', {
        metadata: { ...metadata, name: 'other-name', input_schemas: [large] },
      });
      expect(tooLarge.body.detail).toContain('at most 20000 are taken');
    });
  });

  describe('takes a name and a number', () => {
    it('that nobody has: neither the platform nor the team', async () => {
      for (const name of ['koi-one', 'mine', 'mine']) await named(name);
      for (const name of ['koi-one', 'mine']) {
        const { status, body } = await named(name);
        expect([status, body.type]).toEqual([409, '/problems/model-name-taken']);
      }
      expect((await named('mine', others)).status).toBe(201);
      expect((await named('No Name')).status).toBe(422);
    });

    it('that means the platform’s model where the platform takes it later', async () => {
      await completed(team, await aNewDraft({ name: 'later' }));
      await api.database.registeredModel.create({ data: { name: 'later' } });
      const { body } = await team.get('/api/v1/models');
      const owners = body.items
        .filter(({ name }: { name: string }) => name === 'later')
        .map(({ owner }: { owner: string }) => owner);
      expect(owners).toEqual(['platform']);
    });

    it('of which there is no draft and no version yet', async () => {
      const version = await aNewDraft({ name: 'numbered' });
      const again = await announced(team, version);
      expect([again.status, again.body.type]).toEqual([409, '/problems/version-exists']);
      expect(again.body.is_registered).toBe(false);
      await completed(team, version);
      expect((await announced(team, version)).body.is_registered).toBe(true);
      for (const method of ['GET', 'DELETE']) {
        const { status, body } = await call(api, method, draftPath(version), {
          headers: { authorization: `Bearer ${team.accessToken}` },
        });
        expect([status, body.type]).toEqual([409, '/problems/version-exists']);
      }
    });
  });

  describe('belongs to its team', () => {
    it('B.38 and is not there for another, nor its to change for a reviewer', async () => {
      const version = await aNewDraft({ name: 'private' });
      expect((await announced(others, aVersion({ name: 'private' }))).status).toBe(404);
      expect((await others.get(draftPath(version))).status).toBe(404);
      expect((await completed(others, version)).status).toBe(404);
      expect((await others.delete(draftPath(version))).status).toBe(404);
      const reviewer = await aLoggedInMember(api, team, 'reviewer');
      expect((await completed(reviewer, version)).status).toBe(403);
      expect((await named('theirs', reviewer)).status).toBe(403);
    });

    it('and the platform’s models take none', async () => {
      const { status, body } = await announced(
        team,
        aVersion({ name: 'koi-one', version: '2.0.0' }),
      );
      expect([status, body.type]).toEqual([403, '/problems/platform-model']);
    });

    it('and takes of its storage, until it is deleted', async () => {
      const before = await usedBytes();
      const version = await aNewDraft({ name: 'counted' });
      expect(await usedBytes()).toBe(before + sizeOf(version));
      const { id } = await draftRow(version);
      expect((await team.delete(draftPath(version))).status).toBe(204);
      expect(await usedBytes()).toBe(before);
      expect((await team.get(draftPath(version))).status).toBe(404);
      const leaving = await api.database.objectDeletion.findMany({
        where: { objectKey: draftFileKey(id, 'inputs.onnx') },
        orderBy: { notBefore: 'asc' },
      });
      expect(leaving).toHaveLength(2);
      expect(leaving[0].notBefore.getTime()).toBeLessThanOrEqual(Date.now());
      expect(leaving[1].notBefore.getTime()).toBeGreaterThan(Date.now() + 86_000_000);
    });

    it('and takes as much as its files, also where they are announced anew', async () => {
      const before = await usedBytes();
      const version = await aNewDraft({ name: 'renamed' });
      const { id } = await draftRow(version);
      const amended = async (file: string, more: number) => {
        const [schema] = version.metadata.input_schemas;
        const model = { ...schema.model, file, size_bytes: schema.model.size_bytes + more };
        const metadata = { ...version.metadata, input_schemas: [{ ...schema, model }] };
        return call(api, 'PUT', draftPath(version), {
          body: { metadata },
          headers: { authorization: `Bearer ${team.accessToken}` },
        });
      };
      const dropped = () =>
        api.database.objectDeletion.count({
          where: { objectKey: draftFileKey(id, 'inputs.onnx') },
        });
      const { body } = await amended('other.onnx', 10);
      expect(body.uploads.map(({ file, has_arrived: isThere }: Upload) => [file, isThere])).toEqual(
        [
          ['other.onnx', false],
          ['inputs.preprocessing.json', true],
          ['inputs.golden.json', true],
        ],
      );
      expect([await usedBytes(), await dropped()]).toEqual([before + sizeOf(version) + 10, 2]);
      expect((await amended('inputs.onnx', 0)).status).toBe(200);
      expect([await usedBytes(), await dropped()]).toEqual([before + sizeOf(version), 0]);
      expect((await amended('inputs.onnx', QUOTA)).status).toBe(422);
    });

    it('and is refused where that is full', async () => {
      const poor = await aLoggedInTeam(api);
      await named('large', poor);
      await api.database.team.update({
        where: { id: poor.teamId },
        data: { storageUsedBytes: BigInt(QUOTA - 10) },
      });
      const { status, body } = await announced(poor, aVersion({ name: 'large' }));
      expect([status, body.type]).toEqual([409, '/problems/quota-exceeded']);
      expect(await usedBytes(poor)).toBe(QUOTA - 10);
    });
  });

  describe('may change, or end, while it is checked', () => {
    const filesOf = ({ files }: TestVersion) =>
      new Map([...files].filter(([name]) => name !== 'metadata.json'));
    /** Checked already: what is called registers it. */
    const register = async (version: TestVersion) => {
      const drafts = api.app.get(ModelDrafts);
      const { modelId } = await draftRow(version);
      const found = await drafts.find(team.teamId, modelId, version.metadata.version);
      if (found?.state !== 'draft') throw new Error('no draft');
      const by = { userId: team.userId, note: '' };
      return () => drafts.register(found.draft, filesOf(version), by);
    };

    it.each([
      ['amended', { metadata: { description: 'Another' } }],
      ['over', { expiresAt: new Date(Date.now() - 1000) }],
    ])('and is not registered when it is %s by then', async (name, data) => {
      const version = await aNewDraft({ name });
      const go = await register(version);
      const { id } = await draftRow(version);
      await api.database.modelVersion.update({ where: { id }, data });
      expect(await go()).toBe(false);
      expect((await draftRow(version)).registeredAt).toBeNull();
    });

    it('and is registered by one of two processes', async () => {
      const version = await aNewDraft({ name: 'contested' });
      const [one, other] = [await register(version), await register(version)];
      expect((await Promise.all([one(), other()])).sort()).toEqual([false, true]);
      const { body } = await team.get('/api/v1/models/contested');
      expect(body.aliases).toEqual({ latest: '1.0.0', champion: '1.0.0' });
      expect(body.history).toHaveLength(2);
      expect(
        (await team.post('/api/v1/models/contested/versions/latest/validate')).body.is_good,
      ).toBe(true);
    });

    it('and is champion alone where two are the first at the same time', async () => {
      const one = await register(await aNewDraft({ name: 'paired' }));
      const other = await register(await aDraft(team, { name: 'paired', version: '1.1.0' }));
      expect(await Promise.all([one(), other()])).toEqual([true, true]);
      const { body } = await team.get('/api/v1/models/paired');
      const moved = body.history.map(({ alias }: { alias: string }) => alias);
      expect(moved.sort()).toEqual(['champion', 'latest', 'latest']);
    });

    it('and is not registered when it was deleted by then; its copy goes', async () => {
      const version = await aNewDraft({ name: 'deleted' });
      const go = await register(version);
      await team.delete(draftPath(version));
      const before = await api.database.objectDeletion.count();
      expect(await go()).toBe(false);
      expect(await api.database.objectDeletion.count()).toBe(before + 3);
    });

    it('and is not registered where its copy was cleared away meanwhile', async () => {
      const version = await aNewDraft({ name: 'slow' });
      const { modelId } = await draftRow(version);
      const clearing = fake<ObjectStore>({
        put: async (objectKey) => {
          await api.database.objectDeletion.deleteMany({ where: { objectKey } });
          return { sizeBytes: 0, etag: '' };
        },
      });
      const drafts = new ModelDrafts(api.database, clearing);
      const found = await drafts.find(team.teamId, modelId, '1.0.0');
      if (found?.state !== 'draft') throw new Error('no draft');
      const registering = drafts.register(found.draft, filesOf(version), {
        userId: team.userId,
        note: '',
      });
      await expect(registering).rejects.toThrow('The copied files are deleted already');
      expect((await draftRow(version)).registeredAt).toBeNull();
    });

    it('and says so when its time is up', async () => {
      const version = await aNewDraft({ name: 'late' });
      const { id } = await draftRow(version);
      const expiresAt = new Date(Date.now() - 1000);
      await api.database.modelVersion.update({ where: { id }, data: { expiresAt } });
      const { status, body } = await completed(team, version);
      expect([status, body.type]).toEqual([410, '/problems/draft-expired']);
      const anew = await announced(team, version);
      expect(anew.status).toBe(201);
      expect(
        await store.head(draftFileKey((await draftRow(version)).id, 'inputs.onnx')),
      ).toBeNull();
    });
  });
});
