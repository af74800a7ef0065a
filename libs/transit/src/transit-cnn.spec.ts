/** The bundled version of transit-cnn: its files are what its metadata say, and it says what it said. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import * as onnx from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { goldenInputs, modelMetadata, vectorPreprocessing } from '#contracts';
import { GLOBAL_BINS, LOCAL_BINS, VIEW_FEATURES } from './views.js';

const folder = new URL('../../../models/transit-cnn/v1.0.0/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder));
const json = (file: string): unknown => JSON.parse(read(file).toString());

const metadata = modelMetadata.parse(json('metadata.json'));
const [schema] = metadata.input_schemas;

describe('transit-cnn 1.0.0', () => {
  it('E.14 describes itself as the schema of the metadata asks', () => {
    expect(`${metadata.name}@${metadata.version}`).toBe('transit-cnn@1.0.0');
    expect(metadata.framework).toBe('pytorch');
    expect(metadata.output_schema).toMatchObject({ labels: ['planet', 'false_positive'] });
    expect(metadata.input_schemas.map(({ name }) => name)).toEqual(['views']);
    expect(schema.features).toBe(VIEW_FEATURES);
    expect(schema.evaluation.metrics[schema.evaluation.decisive]).toBeGreaterThanOrEqual(0.98);
    expect(schema.calibration.method).toBe('temperature');
  });

  it.each([schema.model, schema.preprocessing, schema.golden])(
    'E.14 has the size and checksum that it says: $file',
    ({ file, sha256, size_bytes: sizeBytes }) => {
      const bytes = read(file);
      expect(bytes.length).toBe(sizeBytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    },
  );

  it('E.21 says which views it takes, one after the other', () => {
    const { parts } = vectorPreprocessing.parse(json(schema.preprocessing.file));
    expect(parts.map(({ name, length }) => [name, length])).toEqual([
      ['global_view', GLOBAL_BINS],
      ['local_view_deeper', LOCAL_BINS / 2],
      ['local_view_shallower', LOCAL_BINS / 2],
    ]);
    for (const { mean } of parts) expect(mean.toSorted((a, b) => a - b)).toEqual(mean);
  });

  it('E.14 gives for its golden inputs what it gave when it was made', async () => {
    const { tolerance, samples } = goldenInputs.parse(json(schema.golden.file));
    const session = await onnx.InferenceSession.create(read(schema.model.file), {
      intraOpNumThreads: 1,
    });
    expect(samples.length).toBeGreaterThanOrEqual(8);
    const rows = Float32Array.from(samples.flatMap(({ input }) => input as number[]));
    const features = new onnx.Tensor('float32', rows, [samples.length, VIEW_FEATURES]);
    const answer = await session.run({ [schema.tensors.input]: features });
    const found = answer[schema.tensors.output].data as Float32Array;
    const embeddings = answer[schema.tensors.embedding!].data as Float32Array;
    const { calibration } = schema;
    if (calibration.method !== 'temperature') throw new Error('it is calibrated by temperature');
    for (const [i, { output }] of samples.entries()) {
      const powers = [0, 1].map((k) => found[2 * i + k] ** (1 / calibration.temperature));
      expect(Math.abs(output[0] - powers[0] / (powers[0] + powers[1]))).toBeLessThan(tolerance);
      expect(output[0] + output[1]).toBeCloseTo(1, 6);
      const embedding = embeddings.slice(128 * i, 128 * (i + 1));
      expect(embedding.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    }
    // Not the same answer to everything
    expect(new Set(samples.map(({ output }) => output[0] > 0.5)).size).toBe(2);
    await session.release();
  });

  it('E.14 takes any number of rows and gives each the answer that it has alone', async () => {
    const { samples } = goldenInputs.parse(json(schema.golden.file));
    const session = await onnx.InferenceSession.create(read(schema.model.file), {
      intraOpNumThreads: 1,
    });
    const run = async (inputs: number[][]) => {
      const features = new onnx.Tensor('float32', inputs.flat(), [inputs.length, VIEW_FEATURES]);
      const answer = await session.run({ features });
      return answer.probabilities.data as Float32Array;
    };
    const inputs = samples.map(({ input }) => input as number[]);
    const together = await run(inputs);
    for (const [i, input] of inputs.entries()) {
      const [alone] = await run([input]);
      expect(Math.abs(alone - together[2 * i])).toBeLessThan(1e-5);
    }
    await session.release();
  });

  it('B.16 comes with its card: seeds, calibration, real curves apart, limits', () => {
    const card = read('card.md').toString();
    for (const heading of ['Intended use', 'Training data', 'Calibration', 'Limits']) {
      expect(card).toContain(`\n## ${heading}\n`);
    }
    expect(card).toContain(`seed ${String(metadata.training.parameters.test_seed)}`);
    for (const [, picture] of card.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
      expect(existsSync(new URL(picture, folder)), picture).toBe(true);
    }
  });
});
