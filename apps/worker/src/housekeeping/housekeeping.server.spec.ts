import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrismaDatabase } from '#platform/prisma';
import { draftFileKey, ModelDrafts } from '#platform/models';
import { ObjectStore } from '#platform/storage';
import { createTestDatabase } from '../../../../test/support/database.js';
import { aStoredDraft } from '../../../../test/support/drafts.js';
import { aDataset, aFile, aTeam, oldPredictions } from '../../../../test/support/rows.js';
import { HousekeepingRepository } from './housekeeping.repository.js';
import { testStoreOptions } from '../../../../test/support/test-store.js';

let database: PrismaDatabase;
let drop: () => Promise<void>;
let rows: HousekeepingRepository;
const store = new ObjectStore(testStoreOptions());

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  rows = new HousekeepingRepository(database);
  await store.ensureBucket();
});
afterAll(async () => {
  store.close();
  await drop();
});

const anUpload = async (expiresAt: Date) => {
  const team = await aTeam(database, { storageUsedBytes: 1000n });
  const dataset = await aDataset(database, {
    teamId: team.id,
    status: 'pending_upload',
    sizeBytes: 400n,
    expiresAt,
  });
  const file = await aFile(database, {
    teamId: team.id,
    datasetId: dataset.id,
    status: 'pending_upload',
    objectKey: `tests/${randomUUID()}`,
  });
  return { team, dataset, file };
};
const used = async (teamId: string) =>
  (await database.team.findUniqueOrThrow({ where: { id: teamId } })).storageUsedBytes;
const statusOf = async (id: string) =>
  (await database.dataset.findUniqueOrThrow({ where: { id } })).status;

describe('housekeeping', () => {
  it('ends an upload whose time is up: its storage is free again, its objects go', async () => {
    const over = await anUpload(new Date(Date.now() - 1000));
    const open = await anUpload(new Date(Date.now() + 60_000));
    await store.put(over.file.objectKey, Buffer.from('half'), 'text/plain');
    expect(await rows.expireUploads()).toBe(1);
    expect(await statusOf(over.dataset.id)).toBe('expired');
    expect(await statusOf(open.dataset.id)).toBe('pending_upload');
    expect([await used(over.team.id), await used(open.team.id)]).toEqual([600n, 1000n]);
    expect(await rows.expireUploads()).toBe(0);
    expect(await rows.deleteObjects(store)).toBe(1);
    expect(await store.head(over.file.objectKey)).toBeNull();
  });

  it('E.20 ends a draft of a version whose time is up: its storage is free again, its files go', async () => {
    const drafts = new ModelDrafts(database, store);
    const aDraft = async (expiresAt: Date) => {
      const { id: teamId } = await aTeam(database, { storageUsedBytes: 1000n });
      return aStoredDraft(database, store, { teamId, expiresAt });
    };
    const over = await aDraft(new Date(Date.now() - 1000));
    const open = await aDraft(new Date(Date.now() + 60_000));
    expect(await drafts.expire()).toBe(1);
    expect(await drafts.find(over.teamId, over.modelId, '1.0.0')).toBeNull();
    expect((await drafts.find(open.teamId, open.modelId, '1.0.0'))?.state).toBe('draft');
    expect(await used(over.teamId)).toBe(1000n);
    expect(await used(open.teamId)).toBeGreaterThan(1000n);
    await rows.deleteObjects(store);
    expect(await store.head(draftFileKey(over.id, 'inputs.onnx'))).toBeNull();
    expect(await store.head(draftFileKey(open.id, 'inputs.onnx'))).not.toBeNull();
  });

  it('leaves an object until its time', async () => {
    const objectKey = `tests/${randomUUID()}`;
    await store.put(objectKey, Buffer.from('here'), 'text/plain');
    const later = new Date(Date.now() + 60_000);
    const { id } = await database.objectDeletion.create({ data: { objectKey, notBefore: later } });
    expect(await rows.deleteObjects(store)).toBe(0);
    expect(await store.head(objectKey)).not.toBeNull();
    await database.objectDeletion.update({ where: { id }, data: { notBefore: new Date() } });
    expect(await rows.deleteObjects(store)).toBe(1);
    expect(await store.head(objectKey)).toBeNull();
  });

  it('drops the parts of an upload that was never finished', async () => {
    const key = `tests/${randomUUID()}`;
    const multipartId = await store.createMultipart(key, 'application/fits');
    const part = { partNumber: 1, sizeBytes: 4, expiresSeconds: 60 };
    const url = await store.presignPart(key, multipartId, part);
    expect((await fetch(url, { method: 'PUT', body: 'half' })).status).toBe(200);
    await database.objectDeletion.create({ data: { objectKey: key, multipartId } });
    await rows.deleteObjects(store);
    expect((await store.listParts(key, multipartId)) ?? []).toEqual([]);
    expect(await database.objectDeletion.count()).toBe(0);
  });

  it('keeps in mind what the store would not delete', async () => {
    await database.objectDeletion.create({ data: { objectKey: 'tests/kept' } });
    const broken = {
      abortMultipart: () => Promise.resolve(),
      delete: () => Promise.reject(new Error('the store is away')),
    };
    await expect(rows.deleteObjects(broken)).rejects.toThrow('the store is away');
    expect(await database.objectDeletion.count()).toBe(1);
    expect(await rows.deleteObjects(store)).toBe(1);
    expect(await database.objectDeletion.count()).toBe(0);
  });

  describe('of predictions', () => {
    const kept = (teamId: string) => database.prediction.count({ where: { teamId } });

    it('forgets those that are too old, however many, and no other', async () => {
      const team = await aTeam(database);
      await oldPredictions(database, team.id, 5001, 91);
      await oldPredictions(database, team.id, 3, 89);
      expect(await rows.forgetPredictions(90)).toBe(5001);
      expect(await kept(team.id)).toBe(3);
    });

    it('keeps all of them where nobody set an end', async () => {
      const team = await aTeam(database);
      await oldPredictions(database, team.id, 2, 10_000);
      expect(await rows.forgetPredictions(0)).toBe(0);
      expect(await kept(team.id)).toBe(2);
    });
  });

  it('forgets tokens and answers that have expired, and workers that are gone', async () => {
    const team = await aTeam(database);
    const key = { teamId: team.id, route: 'POST /x', requestHash: 'x' };
    const [past, future] = [new Date(Date.now() - 1000), new Date(Date.now() + 60_000)];
    await database.idempotencyKey.createMany({
      data: [
        { ...key, key: 'old', expiresAt: past },
        { ...key, key: 'new', expiresAt: future },
      ],
    });
    const worker = { host: 'h', kind: 'worker', queues: [], capacity: 1, version: '0' };
    await database.worker.createMany({
      data: [
        { ...worker, id: 'gone', lastHeartbeatAt: new Date(Date.now() - 3_600_000) },
        { ...worker, id: 'here', lastHeartbeatAt: new Date() },
      ],
    });
    expect(await rows.forgetExpired()).toBe(2);
    expect((await database.idempotencyKey.findMany()).map((row) => row.key)).toEqual(['new']);
    expect((await database.worker.findMany()).map((row) => row.id)).toEqual(['here']);
  });
});
