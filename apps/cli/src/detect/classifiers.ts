/** Who says how likely a candidate is a planet: the models of a folder, or a formula without them. */
import {
  InvalidVersionError,
  LocalModels,
  ModelNotFoundError,
  type ScoreOptions,
} from '#inference';
import { BUNDLED_MODELS } from '#platform/config';
import { type AsyncClassifier, type Classifier, formulaClassifier } from '#transit';
import { CommandError } from '../output.js';

export type AnyClassifier = Classifier | AsyncClassifier;

/**
 * @param folder of a registry of models; false: no model is asked. @default the one that came with it
 * @param pinned versions to ask, by name; of the others the champion
 */
export async function withClassifier<T>(
  folder: string | false = process.env.MODEL_REGISTRY_PATH || BUNDLED_MODELS,
  pinned: ScoreOptions['pinned'],
  work: (classifier: AnyClassifier) => Promise<T>,
): Promise<T> {
  if (folder === false) return work(formulaClassifier);
  const models = new LocalModels(folder);
  try {
    return await work(models.classifier(pinned));
  } catch (cause) {
    const isForeseen = [InvalidVersionError, ModelNotFoundError].some(
      (kind) => cause instanceof kind,
    );
    if (!isForeseen) throw cause;
    throw new CommandError(
      `${folder}: ${(cause as Error).message} --models names another folder; --no-models asks none.`,
      { cause },
    );
  } finally {
    await models.close();
  }
}
