import { Injectable } from '@nestjs/common';
import type {
  Model,
  ModelAlias,
  ModelComparison,
  ModelDetail,
  ModelInfo,
  ModelValidation,
  ModelVersionDetail,
} from '#contracts';
import {
  aliasesAfter,
  checkGolden,
  compareSchemas,
  InvalidVersionError,
  obstaclesTo,
  versionAt,
  type VersionFiles,
  versionsOfAlias,
} from '#inference';
import { Settings } from '#platform/config';
import { ModelsStore, type StoredModel, type StoredVersion } from '#platform/models';
import type { Caller } from '../http/access.js';
import { ApiServing } from '../predictions/api-serving.js';
import {
  ModelUnavailableError,
  NoSuchModelError,
  NothingBeforeError,
  PlatformModelError,
  PromotionRefusedProblem,
} from './models.errors.js';

@Injectable()
export class ModelsService {
  constructor(
    private readonly store: ModelsStore,
    private readonly serving: ApiServing,
    private readonly settings: Settings,
  ) {}

  async list(teamId: string): Promise<Model[]> {
    return (await this.store.listVisible(teamId)).map(shown);
  }

  async get(teamId: string, name: string): Promise<ModelDetail> {
    return shownWhole(await this.find(teamId, name));
  }

  /** A model that the team may change. */
  async getOwn(teamId: string, name: string): Promise<StoredModel> {
    const model = await this.find(teamId, name);
    if (model.teamId === null) throw new PlatformModelError(name);
    return model;
  }

  async getVersion(teamId: string, name: string, at: string): Promise<ModelVersionDetail> {
    const model = await this.find(teamId, name);
    const { metadata } = await this.version(teamId, name, at);
    const { registeredAt, createdBy } = storedVersion(model, metadata.version);
    const aliases = [...aliasesAfter(model.moves)]
      .filter(([, version]) => version === metadata.version)
      .map(([alias]) => alias);
    const { version } = metadata;
    return { name, version, owner: ownerOf(model), aliases, metadata, registeredAt, createdBy };
  }

  /** By which its files lie in the store. */
  async getVersionId(teamId: string, name: string, at: string): Promise<string> {
    const model = await this.find(teamId, name);
    const { metadata } = await this.version(teamId, name, at);
    return storedVersion(model, metadata.version).id;
  }

  async info(teamId: string): Promise<ModelInfo> {
    const { shelf, cache } = this.serving;
    const models: ModelInfo['models'] = [];
    for (const model of await shelf.visibleTo(teamId)) {
      const version = versionAt(model, null);
      if (!version) continue;
      const { metadata } = version;
      models.push({
        name: model.name,
        version: metadata.version,
        schemas: metadata.input_schemas.map((schema) => ({
          name: schema.name,
          features: schema.features,
          sha256: schema.model.sha256,
          isLoaded: cache.holds(version.graphKey(schema)),
        })),
        problem: await problemOf(version),
      });
    }
    return {
      defaultModel: this.settings.DEFAULT_MODEL,
      models,
      cache: { capacity: this.settings.CACHE_SIZE, held: cache.size },
    };
  }

  async validate(teamId: string, name: string, at: string): Promise<ModelValidation> {
    const version = await this.version(teamId, name, at);
    const schemas = await usable(() => checkGolden(version, this.serving.runner));
    return {
      reference: version.reference,
      isGood: schemas.every(({ isGood }) => isGood),
      schemas: schemas.map((each) => ({
        ...each,
        worst: Number.isFinite(each.worst) ? each.worst : null,
      })),
    };
  }

  async compare(teamId: string, name: string, a: string, b: string): Promise<ModelComparison> {
    const [first, second] = await Promise.all(
      [a, b].map((version) => this.version(teamId, name, version)),
    );
    const schemas = await usable(() => compareSchemas(first, second, this.serving.runner));
    return {
      a: first.reference,
      b: second.reference,
      schemas: schemas.map(({ evaluatedOn, metrics, columns, sizeBytes, ...rest }) => ({
        ...rest,
        evaluatedOn: sides(evaluatedOn),
        metrics: Object.fromEntries(metrics.map(({ name, values }) => [name, sides(values)])),
        columns: {
          added: [...columns.added],
          removed: [...columns.removed],
          changed: [...columns.changed],
        },
        sizeBytes: sides(sizeBytes),
        secondsARow: sides(rest.secondsARow),
      })),
    };
  }

  async promote(
    caller: Caller,
    name: string,
    alias: ModelAlias,
    at: string,
    note: string,
  ): Promise<ModelDetail> {
    const model = await this.getOwn(caller.teamId, name);
    // What is at hand may be older than `model`: whoever is champion there may be none any more.
    this.serving.shelf.refresh();
    const version = await this.version(caller.teamId, name, at);
    const golden = await usable(() => checkGolden(version, this.serving.runner));
    const champion = await this.champion(caller.teamId, name);
    const obstacles = obstaclesTo(alias, version, champion, golden);
    if (obstacles.length > 0) {
      throw new PromotionRefusedProblem(version.reference, alias, obstacles);
    }
    await this.move(caller, model, alias, version.metadata.version, note);
    return this.get(caller.teamId, name);
  }

  async rollback(
    caller: Caller,
    name: string,
    alias: ModelAlias,
    note: string,
  ): Promise<ModelDetail> {
    const model = await this.getOwn(caller.teamId, name);
    const [present, before] = versionsOfAlias(model.moves, alias);
    if (before === undefined) throw new NothingBeforeError(name, alias);
    await this.move(caller, model, alias, before, note || `back from ${present}`);
    return this.get(caller.teamId, name);
  }

  private async move(
    caller: Caller,
    model: StoredModel,
    alias: ModelAlias,
    version: string,
    note: string,
  ): Promise<void> {
    const present = aliasesAfter(model.moves).get(alias) ?? null;
    const { id } = storedVersion(model, version);
    const isMoved = await this.store.move(model.id, alias, id, caller.userId, note, present);
    if (!isMoved) {
      throw new PromotionRefusedProblem(`${model.name}@${version}`, alias, [
        'Somebody else moved the alias at the same time: look again.',
      ]);
    }
    this.serving.shelf.refresh();
  }

  private async find(teamId: string, name: string): Promise<StoredModel> {
    const model = (await this.store.listVisible(teamId)).find((each) => each.name === name);
    if (!model) throw new NoSuchModelError(name);
    return model;
  }

  /** @param at a version or an alias */
  private async version(teamId: string, name: string, at: string): Promise<VersionFiles> {
    const models = await this.serving.shelf.visibleTo(teamId);
    const model = models.find((each) => each.name === name);
    const version = model && versionAt(model, at);
    if (!version) throw new NoSuchModelError(`${name}@${at}`);
    return version;
  }

  private async champion(teamId: string, name: string): Promise<VersionFiles | null> {
    const models = await this.serving.shelf.visibleTo(teamId);
    const model = models.find((each) => each.name === name);
    return model ? versionAt(model, 'champion') : null;
  }
}

const ownerOf = ({ teamId }: StoredModel) => (teamId === null ? 'platform' : 'team');

const storedVersion = ({ versions }: StoredModel, number: string): StoredVersion =>
  versions.find(({ metadata }) => metadata.version === number)!;

function shown(model: StoredModel): Model {
  return {
    name: model.name,
    owner: ownerOf(model),
    aliases: Object.fromEntries(aliasesAfter(model.moves)),
    versions: model.versions.toReversed().map(({ metadata, registeredAt, createdBy }) => {
      const { version, framework, output_schema: output, performance } = metadata;
      const labels = output.task === 'classification' ? output.labels : [];
      const { task } = output;
      return { version, framework, task, labels, performance, registeredAt, createdBy };
    }),
  };
}

function shownWhole(model: StoredModel): ModelDetail {
  const history = model.moves.toReversed().map((move) => ({ ...move, at: new Date(move.at) }));
  return { ...shown(model), history };
}

/** What a version's small files say of its state; its graph is told by whoever loads it. */
async function problemOf(version: VersionFiles): Promise<string | null> {
  try {
    for (const schema of version.metadata.input_schemas) await version.preprocessingOf(schema);
    return null;
  } catch (error) {
    if (error instanceof InvalidVersionError) return error.message;
    throw error;
  }
}

async function usable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidVersionError) throw new ModelUnavailableError(error);
    throw error;
  }
}

const sides = <T>([a, b]: readonly [T, T]) => ({ a, b });
