/**
 * What fits a transit: one request, one answer, several backends. Swapping one for another changes
 * nothing for whoever asks, and two can run on the same request to be compared.
 */
import type { LightCurve, Mission, Signal, Star, TransitFit } from '../types.js';

export interface FitRequest {
  readonly curve: LightCurve;
  /** Where the search found it: the start of the fit, and its answer where no fit converges. */
  readonly signal: Signal;
  readonly star: Star;
  readonly mission: Mission;
}

/** A backend that answers at once. Never throws for what the data are: `success` is then false. */
export interface TransitFitter {
  readonly name: string;
  fit(request: FitRequest): TransitFit;
}

/** A backend that has to be waited for: another process, another machine. */
export interface AsyncTransitFitter {
  readonly name: string;
  fit(request: FitRequest): Promise<TransitFit>;
}
