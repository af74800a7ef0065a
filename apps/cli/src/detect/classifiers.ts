/** Who says how likely a candidate is a planet: the models of a folder, or a formula without them. */
import {
  candidateModels,
  FolderRegistry,
  InvalidVersionError,
  ModelNotFoundError,
  type PinnedVersions,
} from '#inference';
import { candidateClassifier } from '#inference/candidates';
import { BUNDLED_MODELS } from '#platform/config';
import { type Classifier, formulaClassifier } from '#transit';
import { CommandError } from '../output.js';

/**
 * @param folder of a registry of models; false: no model is asked. @default the one that came with it
 * @param pinned versions to ask, by name; of the others the champion
 */
export async function chosenClassifier(
  folder: string | false = process.env.MODEL_REGISTRY_PATH || BUNDLED_MODELS,
  pinned: PinnedVersions = {},
): Promise<Classifier> {
  if (folder === false) return formulaClassifier;
  try {
    return candidateClassifier(
      await candidateModels(await new FolderRegistry(folder).list(), pinned),
    );
  } catch (cause) {
    const isForeseen = cause instanceof InvalidVersionError || cause instanceof ModelNotFoundError;
    if (!isForeseen) throw cause;
    throw new CommandError(
      `${folder}: ${cause.message} --models names another folder; --no-models asks none.`,
      { cause },
    );
  }
}
