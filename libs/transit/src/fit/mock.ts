/** Echoes the search in the form of a fit, at once and always the same: for wiring, never for science. */
import type { TransitFit } from '../types.js';
import type { FitRequest, TransitFitter } from './adapter.js';
import { fitFromSearch } from './result.js';
import { asRepeating, asSingleEvent, isSingleEvent } from './single-event.js';

/** What `message` says of every mock fit. */
export const MOCK_MESSAGE = "A mock: the search's values, nothing was fitted.";

export const mockFitter: TransitFitter = {
  name: 'mock',
  fit: (request) =>
    isSingleEvent(request) ? asSingleEvent(echo(asRepeating(request))) : echo(request),
};

function echo(request: FitRequest): TransitFit {
  return fitFromSearch(request, { backend: 'mock', success: true, message: MOCK_MESSAGE });
}
