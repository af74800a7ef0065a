/** Who decides on candidates: a policy that was learnt, from a file, or the thresholds without one. */
import { z } from 'zod';
import { type FrozenPolicy, readPolicy } from '#platform/policies';
import { decider } from '#transit';
import { CommandError } from '../output.js';
import { readJson } from '../read-json.js';

/**
 * @param path of the answer of GET /api/v1/policies/{number}, or of its `body` alone
 * @throws {CommandError} where it is no policy, or none that this version can follow
 */
export async function chosenPolicy(path: string | undefined): Promise<FrozenPolicy | null> {
  if (path === undefined) return null;
  const json = await readJson(path);
  try {
    const frozen = readPolicy(isAnswer(json) ? json.body : json);
    decider(frozen.policy);
    return frozen;
  } catch (cause) {
    if (!(cause instanceof z.ZodError || cause instanceof RangeError)) throw cause;
    throw new CommandError(`${path}: is no policy to search with: ${firstFault(cause)}`, { cause });
  }
}

const isAnswer = (json: unknown): json is { body: unknown } =>
  typeof json === 'object' && json !== null && 'body' in json;

function firstFault(error: z.ZodError | RangeError): string {
  if (error instanceof RangeError) return error.message;
  const { path, message } = error.issues[0];
  return `${path.join('.')}: ${message}`;
}
