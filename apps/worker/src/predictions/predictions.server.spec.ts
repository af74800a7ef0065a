import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PredictionPayload } from '#contracts';
import { createJob } from '#platform/jobs';
import { aModelFolder, type ModelFolder } from '../../../../test/support/model-folder.js';
import { aStoredModel } from '../../../../test/support/stored-models.js';
import type { WorkerProcess } from '../../../../test/support/worker-process.js';
import { aWorkerWorld, type WorkerWorld } from '../../../../test/support/worker-world.js';

const INPUT = { period: 10, radius: 2 };

describe('a prediction that nobody waits for', () => {
  let world: WorkerWorld;
  let worker: WorkerProcess;
  let folder: ModelFolder;
  /** Without the models that come with the platform. */
  const startWorker = (env: Record<string, string>) =>
    world.startWorker({ MODEL_REGISTRY_PATH: folder.registry.folder, ...env });
  beforeAll(async () => {
    world = await aWorkerWorld();
    folder = await aModelFolder();
    const { database, store, teamId } = world;
    const saying = (k: number) => ({ bias: [0, 1, 2].map((c) => (c === k ? 9 : 0)) });
    await aStoredModel(database, store, { teamId, name: 'one', versions: [saying(0)] });
    await aStoredModel(database, store, { teamId, name: 'two', versions: [saying(2)] });
    const stored = { 'inputs.onnx': Buffer.from('no graph') };
    await aStoredModel(database, store, { teamId, name: 'broken', stored });
    worker = await startWorker({ RETRY_BACKOFF_SECONDS: '0' });
  });
  afterAll(async () => {
    await world.close();
    await folder.remove();
  });

  async function ask(payload: Partial<PredictionPayload>): Promise<string> {
    const whole: PredictionPayload = {
      model: 'one',
      asked: 'one',
      inputs: [INPUT],
      return_probabilities: false,
      ...payload,
    };
    const { taskIds } = await world.database.inTransaction((client) =>
      createJob(client, {
        teamId: world.teamId,
        datasetId: null,
        type: 'prediction',
        params: {},
        requestId: 'request-1',
        tasks: [{ target: whole.model, payload: whole }],
      }),
    );
    return taskIds[0];
  }
  const taskRow = (id: string) => world.database.task.findUniqueOrThrow({ where: { id } });
  async function ended(id: string) {
    await expect
      .poll(async () => (await taskRow(id)).status, { timeout: 20_000 })
      .toMatch(/completed|failed|parked/);
    return taskRow(id);
  }

  it('A.2 A.19 is answered by a worker as over HTTP, and its row is kept', async () => {
    const task = await ended(await ask({ return_probabilities: true }));
    expect(task.result).toMatchObject({
      prediction: { class_name: 'CONFIRMED', probabilities: { CONFIRMED: expect.any(Number) } },
      model: { name: 'one', version: '1.0.0' },
      variant: 'champion',
    });
    const rows = await world.database.prediction.findMany({ where: { modelName: 'one' } });
    expect(rows).toEqual([
      expect.objectContaining({ teamId: world.teamId, requestId: 'request-1', input: INPUT }),
    ]);
  });

  it('asks all models, and takes many inputs', async () => {
    const all = await ended(await ask({ model: 'auto', asked: 'all_models' }));
    expect(all.result).toMatchObject({
      agreement_score: 0.5,
      individual_predictions: {
        one: expect.objectContaining({ class_name: 'CONFIRMED' }),
        two: expect.objectContaining({ class_name: 'FALSE_POSITIVE' }),
      },
    });
    const inputs = Array.from({ length: 50 }, (_, i) => ({ period: i, radius: 1 }));
    const many = await ended(await ask({ model: 'two', asked: 'batch', inputs }));
    expect((many.result as { predictions: unknown[] }).predictions).toHaveLength(50);
  });

  it.each([
    [{ inputs: [{ period: 'x', radius: 1 }] }, 'failed', 'invalid_input'],
    [{ model: 'auto', inputs: [{ mass: 1 }] }, 'failed', 'no_model_fits'],
    [{ model: 'three' }, 'failed', 'model_gone'],
    [{ model: 'broken' }, 'parked', 'model_unavailable'],
  ])('fails for %j as %s, and says why', async (payload, status, code) => {
    const task = await ended(await ask(payload));
    expect([task.status, task.failure]).toEqual([status, expect.objectContaining({ code })]);
    expect(worker.errors()).toBe('');
  });

  it('is answered once, also where the worker dies in the middle', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => ask({ subject: 'crash' })));
    worker.signal('SIGKILL');
    await worker.ended;
    worker = await startWorker({ LEASE_SECONDS: '3', HEARTBEAT_SECONDS: '1' });
    await expect
      .poll(() => world.database.task.count({ where: { id: { in: ids }, status: 'completed' } }), {
        timeout: 60_000,
      })
      .toBe(20);
    // One row each: what was asked before these is one of the first test.
    expect(await world.database.prediction.count({ where: { modelName: 'one' } })).toBe(20 + 1 + 1);
  }, 90_000);
});
