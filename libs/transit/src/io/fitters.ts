/** The fitters that the settings name, ready to use. */
import type { AsyncTransitFitter, TransitFitter } from '../fit/adapter.js';
import { comparedFitter } from '../fit/compared.js';
import { localFitter } from '../fit/local.js';
import { mockFitter } from '../fit/mock.js';
import { type FetchLike, remoteFitter } from '../fit/remote.js';

export type FitterName = 'local' | 'remote' | 'mock';

export interface FitterChoice {
  readonly first: FitterName;
  /** Its answer is kept beside the first one's. */
  readonly second?: FitterName;
  readonly url?: string;
  readonly timeoutSeconds: number;
  /** A longer request is not sent. */
  readonly maxRequestBytes: number;
}

/** An answer is some hundred bytes; a service that sends more than this is not one. */
const MOST_ANSWER_BYTES = 1_000_000;

export function fitterOf(choice: FitterChoice): TransitFitter | AsyncTransitFitter {
  const first = named(choice.first, choice);
  return choice.second ? comparedFitter(first, named(choice.second, choice)) : first;
}

function named(
  name: FitterName,
  { url, timeoutSeconds, maxRequestBytes }: FitterChoice,
): TransitFitter | AsyncTransitFitter {
  switch (name) {
    case 'local':
      return localFitter;
    case 'mock':
      return mockFitter;
    case 'remote':
      return remoteFitter(url!, boundedFetch(timeoutSeconds, maxRequestBytes));
  }
}

/** In time and in size: a service that hangs or floods costs one fit, not the worker. */
function boundedFetch(timeoutSeconds: number, maxRequestBytes: number): FetchLike {
  return async (url, init) => {
    // JSON of numbers and a few fixed words: a byte a character.
    if (init.body.length > maxRequestBytes) {
      throw new Error(
        `the request of ${init.body.length} bytes is longer than TRANSIT_FITTER_MAX_REQUEST_BYTES (${maxRequestBytes})`,
      );
    }
    const signal = AbortSignal.timeout(1000 * timeoutSeconds);
    const response = await fetch(url, { ...init, signal, redirect: 'error' });
    const body = await readBounded(response);
    return {
      ok: response.ok,
      status: response.status,
      json: () => Promise.resolve(JSON.parse(body) as unknown),
    };
  };
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) {
      throw new Error(`its answer is longer than ${MOST_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}
