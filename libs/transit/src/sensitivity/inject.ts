/**
 * Planets put into a curve as the star's own light would have carried them: before it is detrended, so
 * that whatever detrending does to transits is done to them.
 *
 * Into the stitched curve, not into its files: a transit changes neither a file's median nor what is an
 * upward outlier, and reading, stitching and cleaning again would double the price of an injection
 * (docs/adr/0018).
 *
 * Pure: inputs are left alone.
 */
import { transitFlux, type TransitModel } from '../transit-model.js';
import type { LightCurve } from '../types.js';

/** The curve with the planet's transits in it, each averaged over the exposure of its file. */
export function injectPlanet(curve: LightCurve, planet: TransitModel): LightCurve {
  const { timeDays, segment, exposureDays } = curve;
  const flux = curve.flux.slice();
  for (const exposure of new Set(exposureDays)) {
    const relative = transitFlux(planet, timeDays, exposure);
    for (let i = 0; i < flux.length; i++) {
      if (exposureDays[segment[i]] === exposure) flux[i] *= relative[i];
    }
  }
  return { ...curve, flux };
}
