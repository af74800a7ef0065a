import { VALIDATION_CODES, type ValidationCode } from './validation-codes.js';

export interface ValidationIssue {
  readonly severity: 'error' | 'warning';
  readonly code: ValidationCode;
  /** A sentence with the numbers, for the owner of the file. */
  readonly message: string;
  /** Text: line of the file, from 1. FITS: row of the table, from 1. */
  readonly row?: number;
  /** Name of the column as the file spells it. */
  readonly column?: string;
}

export interface Place {
  readonly row?: number;
  readonly column?: string;
  /** Needed exactly for codes that are `either`. */
  readonly severity?: 'error' | 'warning';
}

export function issue(code: ValidationCode, message: string, place: Place = {}): ValidationIssue {
  const listed = VALIDATION_CODES[code].severity;
  return {
    severity: listed === 'either' ? (place.severity ?? 'error') : listed,
    code,
    message,
    ...(place.row === undefined ? {} : { row: place.row }),
    ...(place.column === undefined ? {} : { column: place.column }),
  };
}

/** The content cannot be read any further. Never leaves this folder: it becomes an issue. */
export class UnreadableError extends Error {
  readonly issue: ValidationIssue;

  constructor(code: ValidationCode, message: string, place: Place = {}) {
    super(message);
    this.name = 'UnreadableError';
    this.issue = issue(code, message, place);
  }
}

const LISTED_PER_CODE = 5;

/** Collects issues; of a code that repeats row by row it lists five and counts the rest. */
export class IssueLog {
  private readonly issues: ValidationIssue[] = [];
  private readonly repeated = new Map<ValidationCode, number>();

  add(code: ValidationCode, message: string, place: Place = {}): void {
    this.issues.push(issue(code, message, place));
  }

  addRepeating(code: ValidationCode, message: () => string, place: Place): void {
    const seen = (this.repeated.get(code) ?? 0) + 1;
    this.repeated.set(code, seen);
    if (seen <= LISTED_PER_CODE) this.add(code, message(), place);
  }

  addUnreadable(error: UnreadableError): void {
    this.issues.push(error.issue);
  }

  hasError(): boolean {
    return this.issues.some((each) => each.severity === 'error');
  }

  /** All issues in the order found, with one line at the end for each code that was cut short. */
  list(): ValidationIssue[] {
    const totals = [...this.repeated]
      .filter(([, count]) => count > LISTED_PER_CODE)
      .map(([code, count]) =>
        issue(code, `${count} in all; the first ${LISTED_PER_CODE} are listed.`),
      );
    return [...this.issues, ...totals];
  }
}
