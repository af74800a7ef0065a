import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftFileKey } from '#platform/models';
import { aStoredDraft } from '../../../../test/support/drafts.js';
import { oldPredictions } from '../../../../test/support/rows.js';
import { aWorkerWorld, type WorkerWorld } from '../../../../test/support/worker-world.js';

describe('a worker that keeps house', () => {
  let world: WorkerWorld;
  beforeAll(async () => {
    world = await aWorkerWorld();
  });
  afterAll(() => world.close());

  it('removes drafts of versions, and forgets predictions, as its settings say', async () => {
    const { database, store, teamId } = world;
    const expiresAt = new Date(Date.now() - 1000);
    const draft = await aStoredDraft(database, store, { teamId, expiresAt });
    await oldPredictions(database, teamId, 3, 31);
    await oldPredictions(database, teamId, 2, 29);
    const worker = await world.startWorker({ PREDICTION_RETENTION_DAYS: '30' });
    const left = async () => ({
      drafts: await database.modelVersion.count({ where: { modelId: draft.modelId } }),
      file: await store.head(draftFileKey(draft.id, 'inputs.onnx')),
      predictions: await database.prediction.count({ where: { teamId } }),
    });
    await expect.poll(left, { timeout: 20_000 }).toEqual({ drafts: 0, file: null, predictions: 2 });
    const team = await database.team.findUniqueOrThrow({ where: { id: teamId } });
    expect(team.storageUsedBytes).toBe(0n);
    expect(worker.errors()).toBe('');
  });
});
