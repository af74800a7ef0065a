import { z } from 'zod';
import { goldenInputs, modelMetadata, preprocessing } from '#contracts';
import { ROOT_FOLDER } from './root-folder.js';

const SCHEMAS = {
  metadata: modelMetadata,
  preprocessing,
  golden: goldenInputs,
} as const;

/** models/*.schema.json: what the files of a version hold, for programs that write them. */
export const modelSchemas = Object.entries(SCHEMAS).map(([name, schema]) => ({
  file: new URL(`models/${name}.schema.json`, ROOT_FOLDER),
  text: `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
}));
