import type { Provenance } from '#contracts';

/**
 * Where a result comes from: printed at the foot of its page. No date and no name of a job: the same
 * input, parameters, version and seed give the same page.
 */
export interface ReportProvenance {
  readonly codeVersion: string;
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  /** Scalars only; printed in the given order. */
  readonly parameters: Readonly<Record<string, string | number | boolean | null>>;
  readonly seed: number;
  /** Name, version and SHA-256 of what classified; left out where no candidate was. */
  readonly model?: string;
}

/** @throws {RangeError} where it is not a date. */
export function dateOf(createdAt: string): Date {
  const date = new Date(createdAt);
  if (Number.isNaN(date.getTime())) {
    throw new RangeError(`createdAt must be an ISO 8601 date, not "${createdAt}"`);
  }
  return date;
}

/** The stored provenance of a result, as a report prints it: scalars, in the stored order. */
export function reportProvenance(stored: Provenance): ReportProvenance {
  const isScalar = (value: unknown) => value === null || typeof value !== 'object';
  return {
    codeVersion: stored.codeVersion,
    inputs: stored.inputs.map(({ filename, sha256 }) => ({ name: filename, sha256 })),
    parameters: Object.fromEntries(
      Object.entries(stored.params).filter(([, value]) => isScalar(value)),
    ) as ReportProvenance['parameters'],
    seed: stored.seed,
    ...(stored.classifier !== 'none' && { model: stored.classifier }),
  };
}
