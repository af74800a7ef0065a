/** The object asked for is not in the store. */
export class ObjectNotFoundError extends Error {
  constructor(
    readonly key: string,
    options?: ErrorOptions,
  ) {
    super(`The object store has no object ${key}`, options);
    this.name = 'ObjectNotFoundError';
  }
}

/** The store refused to put the parts together: they are missing, changed, or already together. */
export class MultipartRefusedError extends Error {
  constructor(
    readonly key: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`The object store refused to complete ${key}: ${code}`, options);
    this.name = 'MultipartRefusedError';
  }
}

/** The store did not answer, or answered that it cannot: worth another try. */
export class StorageUnavailableError extends Error {
  constructor(operation: string, options?: ErrorOptions) {
    super(`The object store could not ${operation}`, options);
    this.name = 'StorageUnavailableError';
  }
}
