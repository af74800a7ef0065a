import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCurveCsv } from '../../../../test/support/curves.js';
import { aModelFolder, type ModelFolder } from '../../../../test/support/model-folder.js';
import { aWorkerWorld, type WorkerWorld } from '../../../../test/support/worker-world.js';

/** A search on a machine with other work. */
const PATIENCE_MS = 60_000;

describe('the models of a search', { timeout: PATIENCE_MS }, () => {
  let world: WorkerWorld;
  let empty: ModelFolder;
  let jobId: string;
  beforeAll(async () => {
    [world, empty] = await Promise.all([aWorkerWorld(), aModelFolder()]);
  });
  afterAll(async () => {
    await world.close();
    await empty.remove();
  });

  const taskOf = (job: string) => world.database.task.findFirstOrThrow({ where: { jobId: job } });
  const until = (job: string, status: string) =>
    expect.poll(async () => (await taskOf(job)).status, { timeout: PATIENCE_MS }).toBe(status);

  it('B.16 park its task with the reason while there are none', async () => {
    const worker = await world.startWorker({
      MODEL_REGISTRY_PATH: empty.registry.folder,
      TASK_MAX_ATTEMPTS: '1',
    });
    const bytes = aCurveCsv({ depthPpm: 3000, cadenceMinutes: 30 });
    const validation = await world.validate([{ filename: 'planet.csv', bytes }]);
    await until(validation.jobId, 'completed');
    const params = { max_planets: 1, sensitivity: 'never' };
    jobId = await world.detect(validation.datasetId, validation.fileIds, params);
    await until(jobId, 'parked');
    expect((await taskOf(jobId)).failure).toMatchObject({
      kind: 'transient',
      code: 'model_unavailable',
      message: 'There is no model "transit-cnn".',
    });
    worker.signal('SIGTERM');
    await worker.ended;
  });

  it('B.15 B.16 are stored with its candidate, and so is where that lies among others', async () => {
    await world.startWorker();
    await world.jobs.replayTask(world.teamId, (await taskOf(jobId)).id);
    await until(jobId, 'completed');
    const [candidate] = await world.database.candidate.findMany({ where: { jobId } });
    const [network, ensemble] = candidate.models as { sha256: string; probability: number }[];
    expect([network, ensemble]).toEqual([
      expect.objectContaining({ name: 'transit-cnn', version: '1.0.0' }),
      expect.objectContaining({ name: 'candidate-ensemble', version: '1.0.0' }),
    ]);
    expect(candidate.probability).toBe(ensemble.probability);
    expect(candidate.provenance).toMatchObject({
      classifier: 'candidate-ensemble@1.0.0',
      models: [{ sha256: network.sha256 }, { sha256: ensemble.sha256 }],
    });
    expect(candidate.embeddingSha256).toBe(network.sha256);
    const bytes = Buffer.from(candidate.embedding!);
    const values = Array.from({ length: 128 }, (_, i) => bytes.readFloatLE(4 * i));
    expect(bytes).toHaveLength(512);
    expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
  });
});
