/**
 * A version out of loose files, for a model of one input schema: what can be computed of them (sizes,
 * checksums, the number of features) need not be written by hand.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modelMetadata, type ModelMetadata, preprocessing } from '#contracts';
import { featureCount } from '../preprocessing.js';
import { parseJson, sha256Of, METADATA_FILE } from './version-files.js';

export interface LooseFiles {
  /** metadata.json; in its one input schema the files and `features` may be left out. */
  readonly metadata: Uint8Array;
  readonly model: Uint8Array;
  readonly preprocessing: Uint8Array;
  readonly golden: Uint8Array;
}

const looseMetadata = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  input_schemas: z.tuple([z.looseObject({ name: z.string().default('inputs') })]),
});

/**
 * Writes the version's files to an empty folder, from where it can be registered.
 *
 * @param named name and version, where they are not those of the metadata
 * @throws {InvalidVersionError} where the metadata or the preprocessing are none, by field
 */
export async function assembleVersion(
  files: LooseFiles,
  named: { readonly name?: string; readonly version?: string },
  folder: string,
): Promise<ModelMetadata> {
  const reference = `${named.name ?? 'model'}@${named.version ?? 'version'}`;
  const loose = parseJson(looseMetadata, files.metadata, reference, METADATA_FILE);
  const [schema] = loose.input_schemas;
  const spec = parseJson(preprocessing, files.preprocessing, reference, 'preprocessing');
  const parts = {
    model: [`${schema.name}.onnx`, files.model],
    preprocessing: [`${schema.name}.preprocessing.json`, files.preprocessing],
    golden: [`${schema.name}.golden.json`, files.golden],
  } as const;
  const described = Object.entries(parts).map(([part, [file, bytes]]) => [
    part,
    { file, sha256: sha256Of(bytes), size_bytes: bytes.length },
  ]);
  const whole = {
    ...loose,
    name: named.name ?? loose.name,
    version: named.version ?? loose.version,
    input_schemas: [
      {
        dtype: 'float32',
        ...schema,
        features: featureCount(spec),
        ...Object.fromEntries(described),
      },
    ],
  };
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  const metadata = parseJson(modelMetadata, Buffer.from(text), reference, METADATA_FILE);
  for (const [file, bytes] of Object.values(parts)) await writeFile(join(folder, file), bytes);
  await writeFile(join(folder, METADATA_FILE), text);
  return metadata;
}
