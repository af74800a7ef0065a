/** Where a result comes from: printed at the foot of its page, and the date of the document. */
export interface ReportProvenance {
  /** ISO 8601 with zone: when the result was made, not when the report is drawn. */
  readonly createdAt: string;
  readonly codeVersion: string;
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  /** Scalars only; printed in the given order. */
  readonly parameters: Readonly<Record<string, string | number | boolean | null>>;
  readonly seed: number;
  /** Name, version and SHA-256 of what classified; left out where no candidate was. */
  readonly model?: string;
  readonly jobId?: string;
}

/** @throws {RangeError} where it is not a date. */
export function dateOf(createdAt: string): Date {
  const date = new Date(createdAt);
  if (Number.isNaN(date.getTime())) {
    throw new RangeError(`createdAt must be an ISO 8601 date, not "${createdAt}"`);
  }
  return date;
}
