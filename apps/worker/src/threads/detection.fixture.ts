/** A detection as the runner hands it to a thread. */
import { createHash, randomUUID } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { detectionParams, forTargets, fromWire } from '#contracts';
import { candidateModels, FolderRegistry } from '#inference';
import { BUNDLED_MODELS, RUNTIME, VERSION } from '#platform/config';
import type { ObjectStore } from '#platform/storage';
import { aCurveCsv } from '../../../../test/support/curves.js';
import type { DetectionInput } from './detection.thread.js';

const BUILD =
  process.env.LIGHTFOLD_BUILD ?? fileURLToPath(new URL('../../../../dist', import.meta.url));
export const DETECTION_THREAD = pathToFileURL(
  `${BUILD}/apps/worker/src/threads/detection.thread.js`,
);

/**
 * Of a curve with one planet, which is stored first, in a folder of its own.
 *
 * @param wanted parameters as a client sends them
 */
export async function aDetection(
  store: ObjectStore,
  wanted: Record<string, unknown> = {},
): Promise<DetectionInput> {
  const folder = `tests/${randomUUID()}`;
  const bytes = aCurveCsv({ depthPpm: 3000, cadenceMinutes: 10 });
  const objectKey = `${folder}/planet.csv`;
  await store.put(objectKey, bytes, 'text/csv');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const params = forTargets(detectionParams.parse({ max_planets: 1, ...wanted }), 1);
  return {
    files: [{ filename: 'planet.csv', objectKey, sizeBytes: bytes.length, sha256 }],
    target: 'TIC 1',
    params,
    search: fromWire(detectionParams, params) as DetectionInput['search'],
    folder,
    codeVersion: VERSION,
    runtime: RUNTIME,
    models: await candidateModels(await new FolderRegistry(BUNDLED_MODELS).list()),
    policy: null,
    fitters: { first: 'local', timeoutSeconds: 1, maxRequestBytes: 1000 },
    mapSeconds: 1,
    splitSeconds: null,
    limits: { maxBytes: 1e8, maxDecompressedBytes: 1e8, maxRows: 1e6 },
  };
}
