/** Versions on their way into the registry: over HTTP, step by step, or as rows with their files. */
import type { PrismaDatabase } from '#platform/prisma';
import { type Draft, draftFileKey, ModelDrafts } from '#platform/models';
import type { ObjectStore } from '#platform/storage';
import type { Answer, Client } from './api.js';
import { aVersion, type TestVersion, type VersionOptions } from './models.js';
import { aUser } from './rows.js';

const pathOf = ({ metadata: { name, version } }: TestVersion) =>
  `/api/v1/models/${name}/versions/${version}`;

export const announced = (client: Client, { metadata }: TestVersion): Promise<Answer> =>
  client.post(`/api/v1/models/${metadata.name}/versions`, { metadata });

export const completed = (client: Client, version: TestVersion): Promise<Answer> =>
  client.post(`${pathOf(version)}/complete`);

/** Sends files of a draft to where its answer says; `instead`: other bytes, as many, for some. */
export async function sent(
  { uploads }: { readonly uploads: readonly Upload[] },
  { files }: TestVersion,
  instead: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {},
): Promise<void> {
  for (const { file, url, headers } of uploads) {
    const body = instead[file] ?? files.get(file)!;
    const answer = await fetch(url, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(`PUT ${file}: ${answer.status} ${await answer.text()}`);
  }
}

interface Upload {
  readonly file: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A version on its way: announced, its files sent; of a model that is there. */
export async function aDraft(client: Client, options: VersionOptions): Promise<TestVersion> {
  const version = aVersion(options);
  const draft = await announced(client, version);
  if (draft.status !== 201) throw new Error(`announce: ${JSON.stringify(draft.body)}`);
  await sent(draft.body, version);
  return version;
}

/** Of a model of its own, with all of its files. */
export async function aStoredDraft(
  database: PrismaDatabase,
  store: ObjectStore,
  { teamId, expiresAt }: { readonly teamId: string; readonly expiresAt: Date },
): Promise<Draft> {
  const { metadata, files } = aVersion();
  const { name } = metadata;
  const { id: modelId } = await database.registeredModel.create({ data: { teamId, name } });
  const user = await aUser(database, { teamId });
  const announcement = { teamId, modelId, metadata, expiresAt };
  const made = await new ModelDrafts(database, store).announce(announcement, user.id);
  if (made.outcome !== 'announced') throw new Error(`announce: ${made.outcome}`);
  for (const [file, bytes] of files) {
    await store.put(draftFileKey(made.draft.id, file), bytes, 'application/octet-stream');
  }
  return made.draft;
}
