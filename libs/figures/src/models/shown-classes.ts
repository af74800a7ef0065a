import type { TrainingReport } from '#contracts';
import { candidateColor } from '../charts/palette.js';

type Classes = TrainingReport['classes'];

/** Places of at most so many classes, those with the most rows, and a remark where some are left out. */
export function shownClasses(classes: Classes, most: number): { places: number[]; note: string[] } {
  const all = classes.map((_, place) => place);
  if (all.length <= most) return { places: all, note: [] };
  const frequent = all.sort((a, b) => classes[b].rows - classes[a].rows || a - b).slice(0, most);
  return {
    places: frequent.sort((a, b) => a - b),
    note: [`the ${most} most frequent of ${classes.length} classes`],
  };
}

/** More lines than this cannot be told apart. */
export const MOST_LINES = 6;

const DASHES: readonly (readonly number[])[] = [[], [0.8, 0.4], [0.25, 0.3], [1.2, 0.3, 0.25, 0.3]];

/** Colour and dashes together: no two of six lines share both, and neighbours share none. */
export function classPen(order: number, em: number) {
  const dash = DASHES[order % DASHES.length].map((length) => length * em);
  const stroke = candidateColor(order + 1);
  return { stroke, strokeWidth: 0.17 * em, ...(dash.length > 0 && { dash }) };
}
