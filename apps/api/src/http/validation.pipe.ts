import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { isStorable } from '#platform/database';
import { InvalidRequestError, type RequestFault } from './http.errors.js';
import { pointerOf } from './pointer.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  /** Zod names misspelt fields here. */
  readonly keys?: readonly string[];
}

/** Checks every `{ schema }` argument; answers 422 with a JSON pointer per fault. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new RequestPipe({
    exceptionFactory: (issues) => new InvalidRequestError((issues as Issue[]).flatMap(faultsOf)),
  });
}

class RequestPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata) {
    const faults = metadata.schema ? [...textFaults(value, [])] : [];
    if (faults.length > 0) throw new InvalidRequestError(faults);
    return super.transform(value, metadata);
  }
}

/** JSON can say more than a database can hold. */
function* textFaults(value: unknown, path: readonly string[]): Generator<RequestFault> {
  if (typeof value === 'string') {
    if (isStorable(value)) return;
    yield {
      pointer: pointerOf(path),
      detail: 'has the character U+0000 or half a surrogate pair, which no text has',
    };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== 'number') yield* textFaults(item, [...path, key]);
    }
  }
}

function faultsOf(issue: Issue) {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const keys = issue.keys ?? [];
  if (keys.length === 0) return [{ pointer: pointerOf(path), detail: issue.message }];
  return keys.map((key) => ({
    pointer: pointerOf([...path, key]),
    detail: 'is not a known field',
  }));
}
