/** Parts of versions of models, valid as they are; a test names only what it is about. */
import {
  type CategoryColumn,
  type Evaluation,
  type NumberColumn,
  QUANTILE_SHARES,
} from '#contracts';

/** Of a column whose training rows lie evenly between the two. */
export const evenly = (least: number, most: number): number[] =>
  QUANTILE_SHARES.map((share) => least + share * (most - least));

export function aNumber(name: string, fields: Partial<NumberColumn> = {}): NumberColumn {
  return {
    kind: 'number',
    name,
    missing_share: 0,
    when_missing: 'refuse',
    has_missing_flag: false,
    transform: 'none',
    scale: { center: 0, width: 1 },
    distribution: evenly(0, 1000),
    ...fields,
  };
}

export function aCategory(
  name: string,
  values: readonly string[],
  fields: Partial<CategoryColumn> = {},
): CategoryColumn {
  return {
    kind: 'category',
    name,
    missing_share: 0,
    categories: values.map((value) => ({ value, share: 1 / values.length })),
    encoding: { method: 'one_hot' },
    when_missing: 'refuse',
    when_unknown: 'refuse',
    ...fields,
  };
}

export function anEvaluation(fields: Partial<Evaluation> = {}): Evaluation {
  return {
    set: { name: 'held-out rows', sha256: 'e'.repeat(64), rows: 100 },
    decisive: 'macro_auc',
    metrics: { macro_auc: 0.9, accuracy: 0.8 },
    ...fields,
  };
}
