/** The network as the product runs it: ONNX Runtime on one thread. */
import * as onnx from 'onnxruntime-node';
import { VIEW_FEATURES } from '#transit';

const BATCH = 256;

/**
 * @param bytes of the ONNX file
 * @returns asks for rows x 784 numbers and answers { probabilities: rows x 2, embeddings: rows x 128 }
 */
export async function openGraph(bytes) {
  const session = await onnx.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  return async (features) => {
    const rows = features.length / VIEW_FEATURES;
    const probabilities = [];
    const embeddings = [];
    for (let from = 0; from < rows; from += BATCH) {
      const to = Math.min(rows, from + BATCH);
      const part = features.slice(from * VIEW_FEATURES, to * VIEW_FEATURES);
      const tensor = new onnx.Tensor('float32', part, [to - from, VIEW_FEATURES]);
      const answer = await session.run({ features: tensor });
      probabilities.push(...answer.probabilities.data);
      embeddings.push(...answer.embedding.data);
    }
    return { probabilities, embeddings };
  };
}
