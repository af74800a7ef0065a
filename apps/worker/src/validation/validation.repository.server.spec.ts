import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PrismaDatabase } from '#platform/prisma';
import { createTestDatabase } from '../../../../test/support/database.js';
import { aDataset, aFile, aTeam } from '../../../../test/support/rows.js';
import { readTable } from './read-table.js';
import { ValidationRepository } from './validation.repository.js';

let database: PrismaDatabase;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

it('stores what it says of a table whose header no database could hold', async () => {
  const team = await aTeam(database);
  const dataset = await aDataset(database, { teamId: team.id });
  const file = await aFile(database, { teamId: team.id, datasetId: dataset.id });
  const bytes = Buffer.from('per\0iod,per\0iod\n1,2\n');
  const stream = (async function* () {
    yield bytes;
  })();
  const limits = { maxBytes: 1e6, maxDecompressedBytes: 1e6, maxRows: 1000 };
  const source = { filename: 'a.csv', sizeBytes: bytes.length, stream };
  const { sha256, summary, issues } = await readTable(source, { limits });
  const repository = new ValidationRepository(database);
  await database.inTransaction((client) =>
    repository.writeVerdict(client, file.id, {
      status: 'invalid',
      sha256,
      target: 'a\0b',
      summary,
      issues,
    }),
  );
  const stored = await database.datasetFile.findUniqueOrThrow({ where: { id: file.id } });
  expect(stored.issues).toMatchObject([{ code: 'duplicate_column', column: 'per\ufffdiod' }]);
});
