/** Made-up inputs with what the exported graph says of them: no row of anybody's table is kept. */
import {
  type Calibration,
  type ColumnsPreprocessing,
  type GoldenInputs,
  QUANTILE_SHARES,
} from '#contracts';
import { calibrated, featureCount, featuresOf, inProcess, OnnxSessions } from '#inference';
import type { Random } from '#transit';
import { INPUT } from './onnx/graph-writer.js';

export type GoldenSample = Readonly<Record<string, number | string | null>>;

const SAMPLES = 20;
/** Of a probability, or of a value of about 1; float32 has 6e-8. */
const TOLERANCE = 1e-5;
const MOST_TOLERANCE = 0.01;

/** Each column drawn for itself, as its training distribution says. */
export function madeUpInputs(spec: ColumnsPreprocessing, random: Random): GoldenSample[] {
  return Array.from({ length: SAMPLES }, () =>
    Object.fromEntries(
      spec.columns.map((column) => {
        const isMissing = random.uniform() < column.missing_share;
        if (isMissing && column.when_missing !== 'refuse') return [column.name, null];
        if (column.kind === 'number') {
          return [column.name, drawnFrom(column.distribution, random.uniform())];
        }
        let left = random.uniform() * (1 - column.missing_share);
        const drawn = column.categories.find(({ share }) => (left -= share) < 0);
        return [column.name, (drawn ?? column.categories[0]).value];
      }),
    ),
  );
}

function drawnFrom(quantiles: readonly number[], share: number): number {
  const next = QUANTILE_SHARES.findIndex((own) => own > share);
  const [low, high] = [QUANTILE_SHARES[next - 1], QUANTILE_SHARES[next]];
  const [from, to] = [quantiles[next - 1], quantiles[next]];
  return from + ((share - low) / (high - low)) * (to - from);
}

/** What the version says of made-up inputs: the outputs of its graph, calibrated. */
export async function goldenInputs(
  model: Uint8Array,
  spec: ColumnsPreprocessing,
  calibration: Calibration,
  random: Random,
): Promise<GoldenInputs> {
  const inputs = madeUpInputs(spec, random);
  const features = featureCount(spec);
  const values = new Float32Array(inputs.length * features);
  inputs.forEach((input, row) => featuresOf(spec, input, values, row * features));
  const outputs = await runGraph(model, values, features);
  const width = outputs.length / inputs.length;
  const largest = outputs.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return {
    tolerance: Math.min(MOST_TOLERANCE, TOLERANCE * largest),
    samples: inputs.map((input, row) => ({
      input: { ...input },
      output: [...calibrated(calibration, outputs.subarray(row * width, (row + 1) * width))],
    })),
  };
}

/**
 * (N * outputs,) of the graph for (N * F,) values. In a process of its own: a training may be cancelled
 * while it runs, and a thread inside of ONNX Runtime must not be terminated.
 */
export async function runGraph(
  model: Uint8Array,
  values: Float32Array,
  features: number,
): Promise<Float32Array> {
  const sessions = new OnnxSessions(inProcess);
  try {
    const graph = await sessions.load(model, { input: INPUT, features });
    return (await graph.run(Float32Array.from(values), values.length / features)).output;
  } finally {
    await sessions.close();
  }
}
