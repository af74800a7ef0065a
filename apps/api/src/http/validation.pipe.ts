import { StandardSchemaValidationPipe } from '@nestjs/common';
import { InvalidRequestError } from './http.errors.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  /** Zod names misspelt fields here. */
  readonly keys?: readonly string[];
}

/** Checks every `{ schema }` argument; answers 422 with a JSON pointer per fault. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => new InvalidRequestError((issues as Issue[]).flatMap(faultsOf)),
  });
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

/** RFC 6901, as a URI fragment. */
const pointerOf = (path: readonly string[]) =>
  ['#', ...path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
