/**
 * Rare classes made to count: by weights, or by made-up rows between neighbours (SMOTE: Chawla et
 * al. 2002, JAIR 16, 321).
 *
 * Pure: no I/O, no clock; randomness is passed in. N is rows, F features, C classes.
 */
import type { Random } from '#transit';
import type { Examples } from './examples.js';
import { momentsOf } from './moments.js';

/** The same sum of weights for each class, N of all. */
export function withClassWeights(examples: Examples): Examples {
  const { rows, targets, classes } = examples;
  const counts = classCounts(examples);
  const present = counts.filter((count) => count > 0).length;
  const weights = Float64Array.from(targets, (k) => rows / (present * counts[k]));
  return classes > 0 ? { ...examples, weights } : examples;
}

/** Of a row: between which of the same class a new one is drawn. */
const NEIGHBOURS = 5;

/**
 * Adds rows until every class has as many as the largest. Distances are in standard deviations of
 * the features; a value that is missing at either end is missing in between.
 */
export function withSmote(examples: Examples, random: Random): Examples {
  const { rows, features, values, targets, classes } = examples;
  const counts = classCounts(examples);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const added = counts.reduce((sum, count) => sum + (count > 0 ? most - count : 0), 0);
  const { width: widths } = momentsOf(examples);
  const grown = new Float32Array((rows + added) * features);
  grown.set(values);
  const classOf = new Float64Array(rows + added);
  classOf.set(targets);
  let next = rows;
  for (let k = 0; k < classes; k++) {
    const members = Array.from(targets.keys()).filter((row) => targets[row] === k);
    const known = new Map<number, number[]>();
    for (let made = members.length; members.length > 0 && made < most; made++, next++) {
      const from = members[random.integer(members.length)];
      if (!known.has(from)) known.set(from, nearest(examples, members, from, widths));
      const near = known.get(from)!;
      const to = near.length > 0 ? near[random.integer(near.length)] : from;
      const share = random.uniform();
      for (let f = 0; f < features; f++) {
        const [a, b] = [values[from * features + f], values[to * features + f]];
        grown[next * features + f] = a + share * (b - a);
      }
      classOf[next] = k;
    }
  }
  return { ...examples, rows: rows + added, values: grown, targets: classOf, weights: undefined };
}

function nearest(
  { values, features }: Examples,
  members: readonly number[],
  from: number,
  widths: Float64Array,
): number[] {
  const near: { row: number; sum: number }[] = [];
  for (const row of members) {
    if (row === from) continue;
    let sum = 0;
    for (let f = 0; f < features; f++) {
      const apart = (values[row * features + f] - values[from * features + f]) / widths[f];
      if (apart === apart) sum += apart * apart;
    }
    if (near.length === NEIGHBOURS && sum >= near[NEIGHBOURS - 1].sum) continue;
    const place = near.findIndex((other) => sum < other.sum);
    near.splice(place < 0 ? near.length : place, 0, { row, sum });
    near.length = Math.min(near.length, NEIGHBOURS);
  }
  return near.map(({ row }) => row);
}

/** (C,) */
function classCounts({ targets, classes }: Examples): number[] {
  const counts: number[] = new Array(classes).fill(0);
  for (const k of targets) counts[k]++;
  return counts;
}
