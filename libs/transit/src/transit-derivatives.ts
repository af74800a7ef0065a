/**
 * The transit model with its derivatives, for fits.
 *
 * With z^2 = b^2 + R s^2, s = sin(w t) (orbit.ts), everything follows from two derivatives of the
 * flux at an instant, by the radius ratio and by z^2 (transit-model-disk.ts). The mean over an
 * exposure is differentiated under the integral: its pieces end at the contacts, where the flux has
 * no step, so that moving ends add nothing.
 *
 * Pure: no I/O, no clock, no randomness. N is points. Times are in days, lengths in stellar radii.
 */
import { exposureNodes, placeNodes } from './exposure.js';
import { type Orbit, orbitOf } from './orbit.js';
import { type DiskSlopes, limbDarkenedFlux } from './transit-model-disk.js';
import { checkExposure, checkModel, type TransitModel } from './transit-model.js';

/** Each (N,): the flux, and its derivative by one quantity while the others stay. */
export interface TransitDerivatives {
  readonly flux: Float64Array;
  readonly byRadiusRatio: Float64Array;
  /** By b^2. */
  readonly byImpactSquared: Float64Array;
  /** By R = (a/R*)^2 - b^2. */
  readonly byReachSquared: Float64Array;
  /** By the time since mid-transit, 1/day; by t0 it is the negative. */
  readonly byTime: Float64Array;
  /** By w = 2 pi / P, at a fixed time since mid-transit. */
  readonly byRate: Float64Array;
}

export function derivativeColumns(n: number): TransitDerivatives {
  const column = () => new Float64Array(n);
  return {
    flux: column(),
    byRadiusRatio: column(),
    byImpactSquared: column(),
    byReachSquared: column(),
    byTime: column(),
    byRate: column(),
  };
}

/**
 * Fills `out` with flux and derivatives at every time, averaged over its exposure. O(N); a point in transit costs about
 * a quarter more than its flux alone.
 *
 * @param fromMidDays (N,) mid-exposure times since mid-transit, each within half a period of it
 * @param exposureDays (N,); 0 is an instant
 * @param out reused from call to call where given. @default new columns
 * @throws {RangeError} as `transitFlux`.
 */
export function transitDerivatives(
  model: TransitModel,
  fromMidDays: Float64Array,
  exposureDays: Float64Array,
  out: TransitDerivatives = derivativeColumns(fromMidDays.length),
): TransitDerivatives {
  checkModel(model);
  checkExposure(exposureDays, fromMidDays.length, model.periodDays);
  const n = fromMidDays.length;
  for (const column of Object.values(out) as Float64Array[]) column.fill(0);
  out.flux.fill(1);
  const orbit = orbitOf(model);
  for (let i = 0; i < n; i++) {
    const time = fromMidDays[i];
    const half = 0.5 * exposureDays[i];
    if (Math.abs(time) - half >= orbit.outerDays) continue;
    if (half === 0) {
      addInstant(out, i, orbit, time, 1);
      continue;
    }
    const { outerDays, innerDays, tolerance } = orbit;
    placeNodes(nodes, time - half, time + half, outerDays, innerDays, tolerance);
    for (let k = 0; k < nodes.count; k++) {
      addInstant(out, i, orbit, nodes.days[k], nodes.weights[k]);
    }
  }
  return out;
}

const nodes = exposureNodes();
const slopes: DiskSlopes = { byRadius: NaN, byDistanceSquared: NaN };

function addInstant(
  out: TransitDerivatives,
  i: number,
  orbit: Orbit,
  fromMidDays: number,
  weight: number,
): void {
  const angle = orbit.radiansPerDay * fromMidDays;
  const sine = Math.sin(angle);
  const z = Math.sqrt(orbit.impactSquared + orbit.reachSquared * sine * sine);
  const flux = limbDarkenedFlux(z, orbit.radiusRatio, orbit.u1, orbit.u2, slopes);
  const bySquare = weight * slopes.byDistanceSquared;
  const byAngle = bySquare * 2 * orbit.reachSquared * sine * Math.cos(angle);
  out.flux[i] -= weight * (1 - flux);
  out.byRadiusRatio[i] += weight * slopes.byRadius;
  out.byImpactSquared[i] += bySquare;
  out.byReachSquared[i] += bySquare * sine * sine;
  out.byTime[i] += byAngle * orbit.radiansPerDay;
  out.byRate[i] += byAngle * fromMidDays;
}
