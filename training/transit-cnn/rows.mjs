/** Views with what they are, as a pair of files: FILE.f32 (rows x 784 float32) and FILE.json. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { candidateViews, VIEW_FEATURES } from '#transit';

/** The numbers that the network takes: the global view, then the local one. */
export function featuresOf(curve, signal) {
  const { global, local } = candidateViews(curve, signal);
  const features = new Float32Array(VIEW_FEATURES);
  features.set(global);
  features.set(local, global.length);
  return features;
}

/**
 * @param examples each with its `features`
 * @param facts about the whole set
 */
export function writeRows(file, examples, facts) {
  const features = new Float32Array(examples.length * VIEW_FEATURES);
  examples.forEach((example, i) => features.set(example.features, i * VIEW_FEATURES));
  const bytes = Buffer.from(features.buffer);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const described = examples.map((example) => ({ ...example, features: undefined }));
  const header = { ...facts, sha256, width: VIEW_FEATURES, examples: described };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.f32`, bytes);
  writeFileSync(`${file}.json`, JSON.stringify(header));
}

/** The facts of the set, its `examples`, and `features` (rows x 784). */
export function readRows(file) {
  const bytes = readFileSync(`${file}.f32`);
  const features = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return { ...JSON.parse(readFileSync(`${file}.json`, 'utf8')), features };
}
