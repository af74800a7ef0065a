/** The ways in which a registry of models can refuse. Each says what is wrong, by name. */

export class ModelNotFoundError extends Error {
  override readonly name = 'ModelNotFoundError';
  constructor(readonly reference: string) {
    super(`There is no model "${reference}".`);
  }
}

/** What is registered stays as it is. */
export class VersionExistsError extends Error {
  override readonly name = 'VersionExistsError';
  constructor(
    readonly modelName: string,
    readonly version: string,
  ) {
    super(`${modelName} ${version} is registered already; versions never change. Choose another.`);
  }
}

/** A version whose files are not what its metadata say, or do not do what they say. */
export class InvalidVersionError extends Error {
  override readonly name = 'InvalidVersionError';
  constructor(
    readonly reference: string,
    readonly faults: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`${reference} cannot be used: ${faults.join(' ')}`, options);
  }
}

export class PromotionRefusedError extends Error {
  override readonly name = 'PromotionRefusedError';
  constructor(
    readonly reference: string,
    readonly alias: string,
    readonly reasons: readonly string[],
  ) {
    super(`${reference} does not become ${alias}: ${reasons.join(' ')}`);
  }
}

export class NothingToRollBackError extends Error {
  override readonly name = 'NothingToRollBackError';
  constructor(
    readonly modelName: string,
    readonly alias: string,
  ) {
    super(`${modelName} had no other ${alias} before.`);
  }
}
