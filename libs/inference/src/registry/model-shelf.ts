/**
 * The models of a registry that others share, at hand: read once, and again when something may have
 * changed. Versions never change, so that what was understood of one is kept.
 */
import type { ModelMetadata } from '#contracts';
import type { AliasMove } from './alias-history.js';
import { type ModelRecord, versionsInOrder } from './registry.js';
import { VersionFiles } from './version-files.js';

/** Where the models come from. */
export interface ModelSource {
  listVisible(teamId: string): Promise<readonly SourceModel[]>;
  readFile(versionId: string, file: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

export interface SourceModel {
  readonly id: string;
  readonly teamId: string | null;
  readonly name: string;
  readonly versions: readonly { readonly id: string; readonly metadata: ModelMetadata }[];
  readonly moves: readonly AliasMove[];
}

interface Seen {
  readonly models: Promise<readonly ModelRecord[]>;
  readonly untilMs: number;
}

/** Teams whose models are at hand, and versions of which something is kept. */
const MOST_TEAMS = 1000;
const MOST_VERSIONS = 1000;

export class ModelShelf {
  private readonly teams = new Map<string, Seen>();
  private readonly versions = new Map<string, VersionFiles>();

  /** @param maxAgeSeconds how old what is at hand may be, where nobody says that it changed */
  constructor(
    private readonly source: ModelSource,
    private readonly maxAgeSeconds: number,
  ) {}

  /** What a team sees, by name. */
  async visibleTo(teamId: string): Promise<readonly ModelRecord[]> {
    const seen = this.teams.get(teamId);
    if (seen && performance.now() < seen.untilMs) return seen.models;
    const models = this.read(teamId);
    if (this.teams.size >= MOST_TEAMS) this.teams.clear();
    this.teams.set(teamId, { models, untilMs: performance.now() + 1000 * this.maxAgeSeconds });
    models.catch(() => this.teams.delete(teamId));
    return models;
  }

  /** Something may have changed. */
  refresh(): void {
    this.teams.clear();
  }

  private async read(teamId: string): Promise<ModelRecord[]> {
    const models = await this.source.listVisible(teamId);
    return models.map(({ name, teamId: owner, versions, moves }) => ({
      name,
      owner: owner === null ? 'platform' : 'team',
      versions: versionsInOrder(versions.map(({ id, metadata }) => this.filesOf(id, metadata))),
      moves,
    }));
  }

  private filesOf(id: string, metadata: ModelMetadata): VersionFiles {
    const known = this.versions.get(id);
    if (known) return known;
    const files = new VersionFiles(metadata, (file) => this.source.readFile(id, file), id);
    if (this.versions.size >= MOST_VERSIONS) this.versions.clear();
    this.versions.set(id, files);
    return files;
  }
}
