/** Registering a version over the API: it is announced, its files are sent, and then it is checked. */
import { z } from 'zod';
import { modelMetadata, modelName, modelVersionNumber } from './model-version.js';
import { sha256 } from './upload.js';
import { type Domain, instant, request } from './wire.js';

export const createModel = request(z.strictObject({ name: modelName }));
export type CreateModel = z.output<typeof createModel>;

/** Metadata as their author wrote them: names in them are data, and stay as they are. */
const writtenMetadata = z
  .record(z.string(), z.unknown())
  .check((context) => {
    const { error } = modelMetadata.safeParse(context.value);
    for (const issue of error?.issues ?? []) {
      context.issues.push({ ...issue, code: 'custom', input: context.value });
    }
  })
  .describe(
    'metadata.json of the version, whole: models/metadata.schema.json. It names its files, with size and SHA-256',
  );

export const announceVersion = request(z.strictObject({ metadata: writtenMetadata }));
export type AnnounceVersion = z.output<typeof announceVersion>;

/** `:name` and `:version` of a path, where no alias will do. */
export const modelDraftPath = request(z.object({ name: modelName, version: modelVersionNumber }));
export type ModelDraftPath = z.output<typeof modelDraftPath>;

export const completeVersion = request(
  z
    .strictObject({
      note: z.string().trim().max(1000).default('').describe('For the history of its aliases'),
    })
    .prefault({}),
);
export type CompleteVersion = z.output<typeof completeVersion>;

export const modelDraft = z.object({
  name: modelName,
  version: modelVersionNumber,
  expires_at: instant().describe('Until when it may be completed'),
  uploads: z.array(
    z.object({
      file: z.string(),
      size_bytes: z.number().int(),
      sha256,
      has_arrived: z
        .boolean()
        .describe('There, with the size announced; whether it is the file is checked in the end'),
      method: z.literal('PUT'),
      url: z.string(),
      headers: z.record(z.string(), z.string()).describe('Send exactly these with the PUT'),
    }),
  ),
});
export type ModelDraft = Domain<z.output<typeof modelDraft>>;
