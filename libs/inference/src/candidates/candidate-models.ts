/**
 * The two models by which the pipeline judges candidates, ready to be handed to the thread that
 * searches: a network that sees the folded curve, and an ensemble that weighs what the network says
 * against what the vetting says (stacking: Wolpert 1992, Neural Networks 5, 241). docs/models.md says
 * how they were made.
 */
import type { InputSchema } from '#contracts';
import { type Graph, readGraph } from '../graphs/graph.js';
import { UnsupportedGraphError } from '../graphs/tensor.js';
import { InvalidVersionError, ModelNotFoundError } from '../registry/registry.errors.js';
import { type ModelRecord, versionsThatMayServe } from '../registry/registry.js';
import type { VersionFiles } from '../registry/version-files.js';
import { type CandidateModel, type CandidateModels, PLANET_LABEL } from './candidate-classifier.js';

/** (784,) views to planet or not, with an embedding. */
export const VIEWS_MODEL = 'transit-cnn';
/** Log odds of the network, and the features of the vetting, to planet or not. */
export const ENSEMBLE_MODEL = 'candidate-ensemble';

/** Versions to ask, by name of the model; of the others the champion, or the latest without one. */
export type PinnedVersions = Readonly<Record<string, string>>;

/** Graphs that were read, by their SHA-256: a version never changes. */
const graphs = new Map<string, Graph>();
const MOST_GRAPHS = 16;

/**
 * @param models those that are visible to whoever asks
 * @throws {ModelNotFoundError} where one of the two, or its version, is not among the models
 * @throws {InvalidVersionError} where no version of one of the two can be loaded
 */
export async function candidateModels(
  models: readonly ModelRecord[],
  pinned: PinnedVersions = {},
): Promise<CandidateModels> {
  return {
    network: await candidateModel(models, VIEWS_MODEL, pinned[VIEWS_MODEL]),
    ensemble: await candidateModel(models, ENSEMBLE_MODEL, pinned[ENSEMBLE_MODEL]),
  };
}

/** Where a champion cannot be loaded, what it followed serves. */
async function candidateModel(
  models: readonly ModelRecord[],
  name: string,
  at: string | undefined,
): Promise<CandidateModel> {
  // A team's model of the same name has no say in what the platform finds.
  const model = models.find((each) => each.name === name && each.owner === 'platform');
  const versions = model && versionsThatMayServe(model, at ?? null);
  if (!versions) throw new ModelNotFoundError(at === undefined ? name : `${name}@${at}`);
  let failure: InvalidVersionError | undefined;
  for (const version of versions) {
    try {
      return await loaded(version);
    } catch (error) {
      if (!(error instanceof InvalidVersionError)) throw error;
      failure ??= error;
    }
  }
  throw failure!;
}

async function loaded(version: VersionFiles): Promise<CandidateModel> {
  const { name, version: number, input_schemas: schemas, output_schema: output } = version.metadata;
  const [schema] = schemas;
  const labels = output.task === 'classification' ? output.labels : [];
  if (!labels.includes(PLANET_LABEL)) {
    throw new InvalidVersionError(version.reference, [`it has no class "${PLANET_LABEL}"`]);
  }
  return {
    name,
    version: number,
    sha256: schema.model.sha256,
    graph: await graphOf(version, schema),
    tensors: schema.tensors,
    preprocessing: await version.preprocessingOf(schema),
    calibration: schema.calibration,
    planet: labels.indexOf(PLANET_LABEL),
  };
}

async function graphOf(version: VersionFiles, { model }: InputSchema): Promise<Graph> {
  const known = graphs.get(model.sha256);
  if (known) return known;
  const bytes = await version.read(model);
  try {
    const graph = readGraph(bytes);
    if (graphs.size >= MOST_GRAPHS) graphs.clear();
    graphs.set(model.sha256, graph);
    return graph;
  } catch (cause) {
    if (!(cause instanceof UnsupportedGraphError)) throw cause;
    const fault = `${model.file} cannot be evaluated by the pipeline: ${cause.message}`;
    throw new InvalidVersionError(version.reference, [fault], { cause });
  }
}
