/** Models as the API shows them. */
import { z } from 'zod';
import { modelAlias, modelMetadata, modelName, modelVersionNumber } from './model-version.js';
import { type Domain, instant, request } from './wire.js';

const aliases = z
  .record(z.string(), z.string())
  .describe('What latest, champion and challenger stand for');

export const modelVersionSummary = z.object({
  version: modelVersionNumber,
  framework: z.string(),
  task: z.enum(['classification', 'regression']),
  labels: z.array(z.string()).describe('Empty for a regression'),
  performance: z.record(z.string(), z.number()),
  registered_at: instant(),
  created_by: z.string().describe('E-mail address, or "platform"'),
});

export const model = z.object({
  name: modelName,
  owner: z.enum(['platform', 'team']).describe('Those of the platform are seen by all teams'),
  aliases,
  versions: z.array(modelVersionSummary).describe('The newest first'),
});
export type Model = Domain<z.output<typeof model>>;

export const models = z.object({ items: z.array(model), next_cursor: z.null() });

export const aliasMove = z.object({
  alias: modelAlias,
  version: modelVersionNumber.nullable().describe('null: the alias was taken away'),
  at: instant(),
  by: z.string(),
  note: z.string(),
});

export const modelDetail = model.extend({
  history: z.array(aliasMove).describe('Moves of aliases, the newest first'),
});
export type ModelDetail = Domain<z.output<typeof modelDetail>>;

/** Metadata as its author wrote them: names in them are data. */
export const modelVersionDetail = z.object({
  name: modelName,
  version: modelVersionNumber,
  owner: z.enum(['platform', 'team']),
  aliases: z.array(modelAlias).describe('Which stand for this version'),
  metadata: z.record(z.string(), z.unknown()).meta({ description: modelMetadata.description }),
  registered_at: instant(),
  created_by: z.string(),
});
export type ModelVersionDetail = Domain<z.output<typeof modelVersionDetail>>;

const loadedModel = z.object({
  name: modelName,
  version: modelVersionNumber,
  schemas: z.array(
    z.object({
      name: z.string(),
      features: z.number().int(),
      sha256: z.string(),
      is_loaded: z.boolean().describe('Whether its graph is in the memory of this process'),
    }),
  ),
  problem: z.string().nullable().describe('Why it cannot be used; null: it can'),
});

export const modelInfo = z.object({
  default_model: z.string(),
  models: z.array(loadedModel).describe('What serves now, by model: its champion'),
  cache: z.object({ capacity: z.number().int(), held: z.number().int() }),
});
export type ModelInfo = Domain<z.output<typeof modelInfo>>;

export const modelPath = request(z.object({ name: modelName }));
export type ModelPath = z.output<typeof modelPath>;

export const modelVersionPath = request(
  z.object({
    name: modelName,
    version: z.string().max(65).describe('A version, or an alias'),
  }),
);
export type ModelVersionPath = z.output<typeof modelVersionPath>;

export const versionOrAlias = z.string().min(1).max(65).describe('A version, or an alias');

export const modelValidation = z.object({
  reference: z.string(),
  is_good: z.boolean(),
  schemas: z.array(
    z.object({
      schema: z.string(),
      samples: z.number().int(),
      tolerance: z.number(),
      worst: z
        .number()
        .nullable()
        .describe('Largest difference of any output; null: not to be compared'),
      is_good: z.boolean(),
    }),
  ),
});
export type ModelValidation = Domain<z.output<typeof modelValidation>>;

const pairOf = <S extends z.ZodType>(item: S) => z.object({ a: item, b: item });

export const modelComparison = z.object({
  a: z.string(),
  b: z.string(),
  schemas: z.array(
    z.object({
      schema: z.string(),
      evaluated_on: pairOf(z.string().nullable()),
      is_same_set: z.boolean().describe('Whether their metrics can be compared'),
      metrics: z.record(z.string(), pairOf(z.number().nullable())),
      columns: z.object({
        added: z.array(z.string()),
        removed: z.array(z.string()),
        changed: z.array(z.string()),
      }),
      size_bytes: pairOf(z.number().nullable()),
      seconds_a_row: pairOf(z.number().nullable()).describe('Measured in turn, here and now'),
    }),
  ),
});
export type ModelComparison = Domain<z.output<typeof modelComparison>>;

export const compareVersions = request(
  z.strictObject({ version_a: versionOrAlias, version_b: versionOrAlias }),
);
export type CompareVersions = z.output<typeof compareVersions>;

export const modelAliasPath = request(z.object({ name: modelName, alias: modelAlias }));
export type ModelAliasPath = z.output<typeof modelAliasPath>;

const note = z.string().trim().max(1000).default('').describe('For the history');

export const promoteModel = request(z.strictObject({ version: versionOrAlias, note }));
export type PromoteModel = z.output<typeof promoteModel>;

export const rollBackModel = request(z.strictObject({ note }).prefault({}));
export type RollBackModel = z.output<typeof rollBackModel>;
