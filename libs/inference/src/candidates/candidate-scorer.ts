/**
 * How likely a candidate is a planet, by two models of the platform: a network that sees its folded
 * curve, and an ensemble that weighs what the network says against what the vetting says (stacking:
 * Wolpert 1992, Neural Networks 5, 241). docs/models.md says how they were made.
 */
import type { Classification, ClassifierInput, Embedding, ModelShare } from '#transit';
import type { ModelRunner } from '../predictions/model-runner.js';
import type { Answer } from '../predictions/prediction.js';
import { Predictor } from '../predictions/predictor.js';
import type { ModelInput } from '../preprocessing.js';
import { InvalidVersionError } from '../registry/registry.errors.js';
import type { ModelRecord } from '../registry/registry.js';

/** (784,) views to planet or not, with an embedding. */
export const VIEWS_MODEL = 'transit-cnn';
/** Log odds of the network, and the features of the vetting, to planet or not. */
export const ENSEMBLE_MODEL = 'candidate-ensemble';
export const PLANET_LABEL = 'planet';

/** Beyond this the network's log odds say no more: so sure it was of nobody in training. */
const MOST_LOG_ODDS = 8;

export interface ScoreOptions {
  /** Versions to ask, by name of the model; of the others the champion, or the latest without one. */
  readonly pinned?: Readonly<Record<string, string>>;
  /** Gives up the wait. */
  readonly signal?: AbortSignal;
}

interface ModelSays {
  readonly share: ModelShare;
  readonly embedding: Embedding | null;
}

export class CandidateScorer {
  private readonly predictor: Predictor;

  /**
   * @param runner which runs each row by itself: a graph's last digits may depend on the rows beside
   *   it, and a candidate's shall not
   */
  constructor(runner: ModelRunner) {
    this.predictor = new Predictor(runner, { defaultModel: null, test: null });
  }

  /**
   * @param models those that are visible to whoever asks
   * @throws {ModelNotFoundError} where one of the two, or its version, is not among the models
   * @throws {InvalidVersionError} where no version of one of the two can be loaded
   */
  async score(
    models: readonly ModelRecord[],
    { views, features }: ClassifierInput,
    options: ScoreOptions = {},
  ): Promise<Classification> {
    const network = await this.askNetwork(models, views, options);
    const weighed = { network_log_odds: logOdds(network.share.probability), ...features };
    const ensemble = await this.ask(models, ENSEMBLE_MODEL, weighed, options);
    return {
      probability: ensemble.share.probability,
      source: `${ensemble.share.name}@${ensemble.share.version}`,
      features: weighed,
      models: [network.share, ensemble.share],
      embedding: network.embedding,
    };
  }

  /** What the network alone says: what the ensemble is trained on. */
  askNetwork(
    models: readonly ModelRecord[],
    views: Float32Array,
    options: ScoreOptions = {},
  ): Promise<ModelSays> {
    return this.ask(models, VIEWS_MODEL, [...views], options);
  }

  private async ask(
    models: readonly ModelRecord[],
    name: string,
    input: ModelInput,
    { pinned, signal }: ScoreOptions,
  ): Promise<ModelSays> {
    const reference = { kind: 'named', name, at: pinned?.[name] ?? null } as const;
    const [answer] = await this.predictor.predict(models, reference, [input], { signal });
    const { version, schema, embedding } = answer;
    const { sha256 } = schema.model;
    const { version: number } = version.metadata;
    const values = embedding && ofLengthOne(embedding);
    return {
      share: { name, version: number, sha256, probability: planetProbability(answer) },
      embedding: values && { values, sha256 },
    };
  }
}

/** Of the network's probability, as the ensemble was trained on it. */
export function logOdds(probability: number): number {
  const odds = Math.log(probability / (1 - probability));
  return Math.min(MOST_LOG_ODDS, Math.max(-MOST_LOG_ODDS, odds));
}

function planetProbability({ version, output }: Answer): number {
  const at = 'labels' in output ? output.labels.indexOf(PLANET_LABEL) : -1;
  if (at < 0 || !('labels' in output)) {
    throw new InvalidVersionError(version.reference, [`it has no class "${PLANET_LABEL}"`]);
  }
  return output.probabilities[at];
}

/** null where it has no direction. */
function ofLengthOne(vector: Float32Array): Float32Array | null {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : null;
}
