/**
 * Answers what a model, or all of them, say of inputs: chooses version and input schema, makes
 * features, runs the graph, and says what of the input the model has hardly seen in training.
 */
import { InputError } from '../input-error.js';
import type { ModelInput } from '../preprocessing.js';
import { InvalidVersionError, ModelNotFoundError } from '../registry/registry.errors.js';
import {
  type ModelRecord,
  type ModelReference,
  versionAt,
  versionsThatMayServe,
} from '../registry/registry.js';
import type { VersionFiles } from '../registry/version-files.js';
import { answersOf, type Placed } from './answers.js';
import type { ModelRunner } from './model-runner.js';
import type { Answer, Prediction } from './prediction.js';
import { NoModelFitsError, schemaThatFits, shapeOf } from './schemas.js';
import { isForChallenger } from './variant.js';

/** A test of the champion against its challenger, in each model that has both. */
export interface VersionTest {
  /** split: a share of the subjects gets the challenger's answer. shadow: nobody does. */
  readonly mode: 'split' | 'shadow';
  /** Of the subjects that the challenger is asked about. */
  readonly share: number;
}

export interface PredictorOptions {
  /** Name of the model that `auto` prefers; null: none. */
  readonly defaultModel: string | null;
  /** null: the champion alone answers. */
  readonly test: VersionTest | null;
}

export interface PredictOptions {
  /** What is to stay with one version in a test; else each input itself is. */
  readonly subject?: string;
  /** Gives up the wait. */
  readonly signal?: AbortSignal;
}

/** The versions that may answer, the best first: an alias falls back to what it stood for before. */
interface Choice {
  readonly model: ModelRecord;
  readonly versions: readonly VersionFiles[];
  /** Whether the request itself said which version. */
  readonly isNamed: boolean;
}

export class Predictor {
  constructor(
    private readonly runner: ModelRunner,
    private readonly options: PredictorOptions,
  ) {}

  /**
   * What a model says of one or many inputs, in their order.
   *
   * @throws {ModelNotFoundError} where the reference names none of the models
   * @throws {NoModelFitsError} where no model takes such an input
   * @throws {InputError} where the model refuses inputs, with all of their faults by place:
   *   `/3/period`
   * @throws {InvalidVersionError} where the version cannot be loaded, and no earlier one serves
   * @throws {BatchQueueFullError} where too many rows wait
   */
  async predict(
    models: readonly ModelRecord[],
    reference: ModelReference,
    inputs: readonly ModelInput[],
    options: PredictOptions = {},
  ): Promise<Prediction[]> {
    const groups = await this.grouped(models, reference, inputs, options.subject);
    const predictions = new Array<Prediction>(inputs.length);
    const outcomes = await Promise.allSettled(
      groups.map(async (group) => {
        const found = await this.predictGroup(group, options.signal);
        group.items.forEach(({ place }, i) => (predictions[place] = found[i]));
      }),
    );
    throwFirst(outcomes);
    return predictions;
  }

  /**
   * What the champion of each model that takes the input says of it. A model that cannot be loaded
   * has no say, as long as one can.
   */
  async predictWithAll(
    models: readonly ModelRecord[],
    input: ModelInput,
    signal?: AbortSignal,
  ): Promise<Answer[]> {
    const fitting = await modelsThatFit(models, input);
    if (fitting.length === 0) throw await NoModelFitsError.of(models);
    const outcomes = await Promise.allSettled(
      fitting.map((choice) => this.firstThatServes(choice, [{ input, place: 0 }], signal)),
    );
    const served = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const failures = outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map(({ reason }) => reason as unknown);
    const worse = failures.filter((failure) => !(failure instanceof InvalidVersionError));
    if (worse.length > 0 || served.length === 0) throw worse[0] ?? failures[0];
    return served.map(({ value }) => value.answers[0]);
  }

  /** Inputs that one version answers go through it together. */
  private async grouped(
    models: readonly ModelRecord[],
    reference: ModelReference,
    inputs: readonly ModelInput[],
    subject: string | undefined,
  ): Promise<Group[]> {
    const groups = new Map<string, Group>();
    const choices = new Map<string, Choice>();
    for (const [place, input] of inputs.entries()) {
      const shape = shapeOf(input);
      const choice = choices.get(shape) ?? (await this.choose(models, reference, input));
      choices.set(shape, choice);
      const challenger = this.challengerFor(choice, () => subject ?? JSON.stringify(input));
      const key = `${choice.model.name} ${challenger?.reference ?? ''}`;
      const group = groups.get(key) ?? { choice, challenger, items: [] };
      group.items.push({ input, place });
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  private async choose(
    models: readonly ModelRecord[],
    reference: ModelReference,
    input: ModelInput,
  ): Promise<Choice> {
    if (reference.kind === 'named') return named(models, reference.name, reference.at);
    const fitting = await modelsThatFit(models, input);
    const preferred = fitting.find(({ model }) => model.name === this.options.defaultModel);
    const chosen = preferred ?? fitting[0];
    if (!chosen) throw await NoModelFitsError.of(models);
    return chosen;
  }

  /** The version that is tried on the subject; null: none is. */
  private challengerFor({ model, isNamed }: Choice, subject: () => string): VersionFiles | null {
    const { test } = this.options;
    const challenger = test && !isNamed ? versionAt(model, 'challenger') : null;
    if (!challenger || challenger === versionAt(model, null)) return null;
    return isForChallenger(subject(), challenger.reference, test!.share) ? challenger : null;
  }

  private async predictGroup(
    { choice, challenger, items }: Group,
    signal?: AbortSignal,
  ): Promise<Prediction[]> {
    if (challenger && this.options.test?.mode === 'split') {
      const tried = await answersOf(challenger, items, this.runner, signal).catch(unlessUsable);
      const rest = { variant: 'challenger', insteadOf: null, shadow: null } as const;
      if (tried) return tried.map((answer) => ({ ...answer, ...rest }));
    }
    const { answers, insteadOf } = await this.firstThatServes(choice, items, signal);
    const isShadowed = challenger !== null && this.options.test?.mode === 'shadow';
    // Whatever becomes of it is nobody's concern but the test's.
    const shadows = isShadowed ? answersOf(challenger, items, this.runner).catch(() => null) : null;
    return answers.map((answer, i) => ({
      ...answer,
      variant: choice.isNamed ? 'named' : 'champion',
      insteadOf,
      shadow: shadows && shadows.then((found) => found && found[i]),
    }));
  }

  private async firstThatServes(
    { versions }: Choice,
    items: readonly Placed[],
    signal?: AbortSignal,
  ): Promise<{ answers: Answer[]; insteadOf: string | null }> {
    let failure: InvalidVersionError | undefined;
    for (const version of versions) {
      try {
        const answers = await answersOf(version, items, this.runner, signal);
        return { answers, insteadOf: failure ? versions[0].reference : null };
      } catch (error) {
        if (!(error instanceof InvalidVersionError)) throw error;
        failure ??= error;
      }
    }
    throw failure!;
  }
}

interface Group {
  readonly choice: Choice;
  readonly challenger: VersionFiles | null;
  readonly items: Placed[];
}

/** Those whose present version takes the input, the closest fit first. */
async function modelsThatFit(models: readonly ModelRecord[], input: ModelInput): Promise<Choice[]> {
  const fitting: { choice: Choice; columnsLeftOut: number }[] = [];
  for (const model of models) {
    const choice = choiceOf(model, null);
    const fit = choice && (await firstReadable(choice, (each) => schemaThatFits(each, input)));
    if (fit) fitting.push({ choice, columnsLeftOut: fit.columnsLeftOut });
  }
  return fitting.sort((a, b) => a.columnsLeftOut - b.columnsLeftOut).map(({ choice }) => choice);
}

/** @throws {ModelNotFoundError} */
function named(models: readonly ModelRecord[], name: string, at: string | null): Choice {
  const model = models.find((each) => each.name === name);
  const choice = model && choiceOf(model, at);
  if (!choice) throw new ModelNotFoundError(at === null ? name : `${name}@${at}`);
  return choice;
}

/** null: it has no such version or alias. */
function choiceOf(model: ModelRecord, at: string | null): Choice | null {
  const versions = versionsThatMayServe(model, at);
  return versions && { model, versions, isNamed: at !== null };
}

/** What the first version says whose files can be read; null where none can, or it says so. */
async function firstReadable<T>(
  { versions }: Choice,
  ask: (version: VersionFiles) => Promise<T | null>,
): Promise<T | null> {
  for (const version of versions) {
    try {
      return await ask(version);
    } catch (error) {
      if (!(error instanceof InvalidVersionError)) throw error;
    }
  }
  return null;
}

/** A version with damaged files answers nothing; anything else is the caller's. */
function unlessUsable(error: unknown): null {
  if (error instanceof InvalidVersionError) return null;
  throw error;
}

/** The faults of all inputs together, or whatever else went wrong first. */
function throwFirst(outcomes: readonly PromiseSettledResult<void>[]): void {
  const reasons = outcomes
    .filter((outcome) => outcome.status === 'rejected')
    .map(({ reason }) => reason as unknown);
  if (reasons.length === 0) return;
  const refused = reasons.filter((reason) => reason instanceof InputError);
  if (refused.length < reasons.length) {
    throw reasons.find((reason) => !(reason instanceof InputError));
  }
  throw new InputError(refused.flatMap(({ faults }) => faults));
}
