import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FrozenPolicy } from '#platform/policies';
import { aCurveCsv } from '../../../../test/support/curves.js';
import { aStoredPolicy } from '../../../../test/support/policies.js';
import { aUser } from '../../../../test/support/rows.js';
import { aWorkerWorld, type WorkerWorld } from '../../../../test/support/worker-world.js';

/** A search on a machine with other work. */
const PATIENCE_MS = 60_000;
const CLI = fileURLToPath(new URL('../../../../dist/apps/cli/src/main.js', import.meta.url));
const lightfold = async (...words: string[]) =>
  (await promisify(execFile)(process.execPath, [CLI, ...words])).stdout;

describe('a search with a learnt policy', { timeout: PATIENCE_MS }, () => {
  let world: WorkerWorld;
  let folder: string;
  let learnt: FrozenPolicy;
  let validation: Awaited<ReturnType<WorkerWorld['validate']>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lightfold-policies-'));
    world = await aWorkerWorld();
    const { teamId } = world;
    const { id: userId } = await aUser(world.database, { teamId });
    learnt = await aStoredPolicy(world.database, { teamId, userId });
    writeFileSync(join(folder, 'policy.json'), learnt.text);
    const bytes = aCurveCsv({ depthPpm: 3000 });
    writeFileSync(join(folder, 'planet.csv'), bytes);
    await world.startWorker();
    validation = await world.validate([{ filename: 'planet.csv', bytes }]);
  }, PATIENCE_MS);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await world.close();
  });

  const taskOf = (jobId: string) => world.database.task.findFirstOrThrow({ where: { jobId } });
  const until = (jobId: string, status: string) =>
    expect.poll(async () => (await taskOf(jobId)).status, { timeout: PATIENCE_MS }).toBe(status);
  const search = async (policy: string) => {
    await until(validation.jobId, 'completed');
    const params = { max_planets: 1, sensitivity: 'never', policy };
    return world.detect(validation.datasetId, validation.fileIds, params);
  };

  it('B.17 is decided by it, names it with its checksum, and gives the bytes of the command', async () => {
    const jobId = await search('learnt-1');
    await until(jobId, 'completed');
    const [candidate] = await world.database.candidate.findMany({ where: { jobId } });
    expect(candidate.provenance).toMatchObject({
      params: { policy: 'learnt-1' },
      policy: { name: 'learnt-1', sha256: learnt.sha256 },
    });
    const decidedBy = candidate.decidedBy as { probabilities: Record<string, number> };
    expect(decidedBy).toMatchObject({ policy: 'learnt-1', context_version: 'context-1' });
    const { accept, reject, human_review: ask } = decidedBy.probabilities;
    expect(accept + reject + ask).toBeCloseTo(1, 12);
    expect(candidate.reasons).toEqual(
      expect.arrayContaining([expect.stringContaining('The policy learnt from')]),
    );

    const again = await search('learnt-1');
    await until(again, 'completed');
    const [same] = await world.database.candidate.findMany({ where: { jobId: again } });
    const decision = ({ rlAction, reasons, decidedBy, provenance }: typeof candidate) => ({
      rl_action: rlAction,
      reasons,
      decided_by: decidedBy,
      provenance,
    });
    expect(decision(same)).toEqual(decision(candidate));

    const found = await lightfold(
      ...['detect', join(folder, 'planet.csv'), '--target', 'Target 1', '--max-planets', '1'],
      ...['--sensitivity', 'never', '--policy', join(folder, 'policy.json'), '--json'],
    );
    const { candidates } = JSON.parse(found) as { candidates: object[] };
    expect(candidates[0]).toMatchObject(decision(candidate));
  });

  it('B.17 is decided by the thresholds where they are named, and says so', async () => {
    const jobId = await search('thresholds');
    await until(jobId, 'completed');
    const [candidate] = await world.database.candidate.findMany({ where: { jobId } });
    expect(candidate.provenance).toMatchObject({ policy: { name: 'triage-5', sha256: null } });
    expect(candidate.decidedBy).toMatchObject({
      policy: 'triage-5',
      probabilities: { [candidate.rlAction]: 1 },
      thresholds: candidate.rlAction,
    });
  });

  it('B.17 fails with the reason where the team has no such policy', async () => {
    const jobId = await search('learnt-9');
    await until(jobId, 'failed');
    expect((await taskOf(jobId)).failure).toMatchObject({
      kind: 'usage',
      code: 'policy_unknown',
      message: 'There is no policy learnt-9 in the team.',
    });
  });
});
