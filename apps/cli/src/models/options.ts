import type { ModelAlias } from '#contracts';

export interface RegistryOptions {
  readonly registryPath: string;
}

export interface NamedOptions extends RegistryOptions {
  readonly name: string;
}

export interface VersionOptions extends NamedOptions {
  readonly version: string;
}

export interface AliasOptions extends NamedOptions {
  readonly alias: ModelAlias;
  readonly note: string;
}
