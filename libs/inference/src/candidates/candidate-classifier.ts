/**
 * How likely a candidate is a planet, by the models that were handed to the thread that searches.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { Calibration, InputSchema, Preprocessing } from '#contracts';
import type { Classifier, Embedding, ModelShare } from '#transit';
import { calibrated } from '../calibration.js';
import { evaluate } from '../graphs/evaluate.js';
import type { Graph } from '../graphs/graph.js';
import { featuresOf, type ModelInput } from '../preprocessing.js';

export const PLANET_LABEL = 'planet';

/** Beyond this the network's log odds say no more: so sure it was of nobody in training. */
const MOST_LOG_ODDS = 8;

/** A version of a model as plain data. */
export interface CandidateModel {
  readonly name: string;
  readonly version: string;
  /** Of its graph. */
  readonly sha256: string;
  readonly graph: Graph;
  readonly tensors: InputSchema['tensors'];
  readonly preprocessing: Preprocessing;
  readonly calibration: Calibration;
  /** Which of its classes are the planets. */
  readonly planet: number;
}

export interface CandidateModels {
  readonly network: CandidateModel;
  readonly ensemble: CandidateModel;
}

interface Said {
  readonly share: ModelShare;
  readonly embedding: Embedding | null;
}

export function candidateClassifier({ network, ensemble }: CandidateModels): Classifier {
  return ({ views, features }) => {
    const seen = ask(network, [...views]);
    const weighed = { network_log_odds: logOdds(seen.share.probability), ...features };
    const { share } = ask(ensemble, weighed);
    return {
      probability: share.probability,
      source: `${share.name}@${share.version}`,
      features: weighed,
      models: [seen.share, share],
      embedding: seen.embedding,
    };
  };
}

/** What the network alone says of the views of a candidate: what the ensemble is trained on. */
export const networkLogOdds = ({ network }: CandidateModels, views: Float32Array): number =>
  logOdds(ask(network, [...views]).share.probability);

function ask(model: CandidateModel, input: ModelInput): Said {
  const { name, version, sha256, graph, tensors, preprocessing, calibration, planet } = model;
  const features = featuresOf(preprocessing, input);
  const row = { dims: [1, features.length], data: features };
  const wanted = tensors.embedding ? [tensors.output, tensors.embedding] : [tensors.output];
  const [output, embedding] = evaluate(graph, { [tensors.input]: row }, wanted);
  const values = embedding ? ofLengthOne(embedding.data) : null;
  return {
    share: { name, version, sha256, probability: calibrated(calibration, output.data)[planet] },
    embedding: values && { values, sha256 },
  };
}

function logOdds(probability: number): number {
  const odds = Math.log(probability / (1 - probability));
  return Math.min(MOST_LOG_ODDS, Math.max(-MOST_LOG_ODDS, odds));
}

/** null where it has no direction. */
function ofLengthOne(vector: ArrayLike<number>): Float32Array | null {
  const values = Float32Array.from(vector);
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? values.map((value) => value / length) : null;
}
