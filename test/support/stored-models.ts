/** Models of a team, with rows and files, as if they had been trained. */
import type { PrismaDatabase } from '#platform/prisma';
import { modelFileKey } from '#platform/models';
import type { ObjectStore } from '#platform/storage';
import { aVersion, type VersionOptions } from './models.js';

/** Each version is `latest` in its turn. `stored`: other bytes for some files, in the store alone. */
export async function aStoredModel(
  database: PrismaDatabase,
  store: Pick<ObjectStore, 'put'>,
  model: {
    readonly teamId: string;
    readonly name: string;
    readonly versions?: readonly VersionOptions[];
    readonly stored?: Readonly<Record<string, Uint8Array>>;
  },
): Promise<string> {
  const { teamId, name, versions = [{}], stored = {} } = model;
  const { id } = await database.registeredModel.create({ data: { teamId, name } });
  for (const options of versions) {
    const { metadata, files } = aVersion({ name, ...options });
    const { version } = metadata;
    const { id: versionId } = await database.modelVersion.create({
      data: {
        modelId: id,
        version,
        metadata: metadata as object,
        createdBy: 'ada',
        registeredAt: new Date(),
      },
    });
    for (const [file, bytes] of files) {
      const key = modelFileKey(versionId, file);
      await store.put(key, stored[file] ?? bytes, 'application/octet-stream');
    }
    await database.modelAliasMove.create({
      data: { modelId: id, alias: 'latest', versionId, movedBy: 'ada' },
    });
  }
  return id;
}
