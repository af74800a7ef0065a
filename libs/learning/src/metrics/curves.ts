/**
 * One class against the rest: ROC and precision-recall curves, and the area under the former
 * (Fawcett 2006, Pattern Recognition Letters 27, 861). Rows of one score are one point.
 *
 * Pure: no I/O, no clock, no randomness. N is rows.
 */
export interface CurvePoint {
  /** Rows with at least this score count as positive; Infinity: none. */
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
  /** 1 where nothing counts as positive. */
  readonly precision: number;
}

/**
 * From none to all.
 *
 * @param scores (N,)
 * @param isPositive (N,)
 */
export function curveOf(scores: Float64Array, isPositive: Uint8Array): CurvePoint[] {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  const positives = isPositive.reduce((a, b) => a + b, 0);
  const negatives = scores.length - positives;
  const points: CurvePoint[] = [
    { threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0, precision: 1 },
  ];
  let [hits, alarms] = [0, 0];
  for (let i = 0; i < order.length; i++) {
    if (isPositive[order[i]]) hits++;
    else alarms++;
    const threshold = scores[order[i]];
    if (i + 1 < order.length && scores[order[i + 1]] === threshold) continue;
    points.push({
      threshold,
      falsePositiveRate: alarms / negatives,
      truePositiveRate: hits / positives,
      precision: hits / (hits + alarms),
    });
  }
  return points;
}

/** Trapezia under the ROC curve; NaN where there are no positives or no negatives. */
export function areaUnder(points: readonly CurvePoint[]): number {
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    area +=
      ((b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate)) / 2;
  }
  return area;
}

export const MOST_POINTS = 200;

/**
 * At most 200 points, ends included: those without which the curve would change most (Visvalingam &
 * Whyatt 1993, Cartographic Journal 30, 46), so that corners stay.
 */
export function thinned(points: readonly CurvePoint[], most = MOST_POINTS): CurvePoint[] {
  const kept = withoutStraight(points);
  while (kept.length > most) {
    // Halving at a time: each round drops the flattest of the triangles that do not touch.
    const excess = kept.length - most;
    const areas = kept.map((_, i) => triangle(kept[i - 1], kept[i], kept[i + 1]));
    const order = Array.from(areas.keys()).sort((a, b) => areas[a] - areas[b] || a - b);
    const dropped = new Set<number>();
    for (const i of order) {
      if (dropped.size === excess || areas[i] === Infinity) break;
      if (!dropped.has(i - 1) && !dropped.has(i + 1)) dropped.add(i);
    }
    kept.splice(0, kept.length, ...kept.filter((_, i) => !dropped.has(i)));
  }
  return kept;
}

/** The points at which both curves go straight on say nothing. */
function withoutStraight(points: readonly CurvePoint[]): CurvePoint[] {
  return points.filter((point, i) => triangle(points[i - 1], point, points[i + 1]) > 0);
}

/** How much the two curves lose with the middle point; Infinity at the ends. */
function triangle(a: CurvePoint | undefined, b: CurvePoint, c: CurvePoint | undefined): number {
  if (!a || !c) return Infinity;
  const area = (x: keyof CurvePoint, y: keyof CurvePoint) =>
    Math.abs((b[x] - a[x]) * (c[y] - a[y]) - (c[x] - a[x]) * (b[y] - a[y])) / 2;
  return area('falsePositiveRate', 'truePositiveRate') + area('truePositiveRate', 'precision');
}
