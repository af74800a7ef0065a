import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOfVersion, type ModelMetadata, type TrainingReport } from '#contracts';
import type { PrismaDatabase } from '#platform/prisma';
import { createTestDatabase } from '../../../../test/support/database.js';
import { aVersion } from '../../../../test/support/models.js';
import { aTeam, aUser } from '../../../../test/support/rows.js';
import { type Registration, TrainedVersions } from './trained-versions.js';

const REPORT: TrainingReport = {
  rows: { learnt: 80, tested: 20 },
  metrics: { accuracy: 0.9 },
  foldScores: [0.8, 0.9],
  confusion: [
    [9, 1],
    [1, 9],
  ],
  classes: [],
  importances: [{ column: 'depth', permutation: 0.3, gain: null }],
  roles: [{ name: 'depth', role: 'number', why: 'its cells are numbers' }],
  warnings: [],
  plots: ['confusion'],
};

let database: PrismaDatabase;
let drop: () => Promise<void>;
let versions: TrainedVersions;
let teamId: string;
let requestedBy: string;
let email: string;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  versions = new TrainedVersions(database);
  teamId = (await aTeam(database)).id;
  ({ id: requestedBy, email } = await aUser(database, { teamId }));
});
afterAll(() => drop());

function register(metadata: ModelMetadata, id = randomUUID()): Promise<Registration> {
  const version = { id, teamId, metadata, report: REPORT, requestedBy };
  return database.inTransaction((client) => versions.register(client, version));
}
const metadataOf = (name: string, version: string) => aVersion({ name, version }).metadata;
const movesOf = async (name: string) => {
  const moves = await database.modelAliasMove.findMany({
    where: { model: { name, teamId } },
    include: { version: true },
    orderBy: { id: 'asc' },
  });
  return moves.map(({ alias, version, movedBy }) => [alias, version?.version, movedBy]);
};

describe('versions that were trained', () => {
  it('lets the first of a model serve, and the next only be the latest', async () => {
    expect(await register(metadataOf('one', '1.0.0'))).toBe('registered');
    expect(await register(metadataOf('one', '1.1.0'))).toBe('registered');
    expect(await movesOf('one')).toEqual([
      ['latest', '1.0.0', email],
      ['champion', '1.0.0', email],
      ['latest', '1.1.0', email],
    ]);
  });

  it('has one champion where several are first at the same moment', async () => {
    const numbers = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];
    const done = await Promise.all(numbers.map((number) => register(metadataOf('many', number))));
    expect(new Set(done)).toEqual(new Set(['registered']));
    const champions = (await movesOf('many')).filter(([alias]) => alias === 'champion');
    expect(champions).toHaveLength(1);
  });

  it('registers a number once: who comes second changes nothing', async () => {
    const both = [1, 2].map(() => register(metadataOf('same', '1.0.0')));
    expect((await Promise.all(both)).sort()).toEqual(['registered', 'taken']);
    expect(await movesOf('same')).toHaveLength(2);
  });

  it('takes the storage of its files, and says so where there is no room', async () => {
    const before = await database.team.findUniqueOrThrow({ where: { id: teamId } });
    const metadata = metadataOf('stored', '1.0.0');
    await register(metadata);
    const after = await database.team.findUniqueOrThrow({ where: { id: teamId } });
    const taken = after.storageUsedBytes - before.storageUsedBytes;
    expect(Number(taken)).toBe(bytesOfVersion(metadata));
    const { storageUsedBytes: storageQuotaBytes } = after;
    await database.team.update({ where: { id: teamId }, data: { storageQuotaBytes } });
    expect(await register(metadataOf('stored', '1.1.0'))).toBe('full');
    const { storageQuotaBytes: enough } = before;
    await database.team.update({ where: { id: teamId }, data: { storageQuotaBytes: enough } });
  });

  it('leaves the names of the platform alone', async () => {
    await database.registeredModel.create({ data: { name: 'of-the-platform' } });
    expect(await register(metadataOf('of-the-platform', '1.0.0'))).toBe('taken');
  });

  it('keeps what the training found, for the version alone', async () => {
    const id = randomUUID();
    await register(metadataOf('reported', '1.0.0'), id);
    expect(await versions.findReport(id)).toEqual(REPORT);
    expect(await versions.findReport(randomUUID())).toBeNull();
  });
});
