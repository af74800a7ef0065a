/**
 * Two backends on the same request: the first one's answer is the fit, the second one's stands beside
 * it, so that two models of physics can be compared on real work before one replaces the other.
 */
import type { TransitFit } from '../types.js';
import type { AsyncTransitFitter, TransitFitter } from './adapter.js';
import { fitFromSearch } from './result.js';

/** Whatever becomes of the second fit, the first one is not touched. */
export function comparedFitter(
  first: TransitFitter | AsyncTransitFitter,
  second: TransitFitter | AsyncTransitFitter,
): AsyncTransitFitter {
  return {
    name: first.name,
    async fit(request): Promise<TransitFit> {
      const fit = await first.fit(request);
      try {
        return { ...fit, compared: await second.fit(request) };
      } catch (error) {
        const message = `The fit to compare with failed: ${error instanceof Error ? error.message : String(error)}`;
        const compared = fitFromSearch(request, { backend: second.name, success: false, message });
        return { ...fit, compared };
      }
    },
  };
}
