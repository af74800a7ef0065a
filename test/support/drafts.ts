/** Versions that a team registers over HTTP, step by step. */
import { type Answer, type Client } from './api.js';
import { aVersion, type TestVersion, type VersionOptions } from './models.js';

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
