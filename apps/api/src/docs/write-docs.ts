/** Writes docs/openapi.json, docs/configuration.md and models/*.schema.json from the built code. */
import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { CONFIGURATION_FILE, configurationPage } from './configuration-page.js';
import { OPENAPI_FILE } from './docs-assets.js';
import { buildDocument } from './document.js';
import { modelSchemas } from './model-schemas.js';
import { previewApp } from './preview.js';

const document = buildDocument(await previewApp());
await writeFile(OPENAPI_FILE, `${JSON.stringify(document, null, 2)}\n`);
await writeFile(CONFIGURATION_FILE, configurationPage());
for (const { file, text } of modelSchemas) await writeFile(file, text);
