import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '../http/problem-error.js';

export class TableTooLargeError extends ProblemError {
  constructor(rows: number, columns: number, mostCells: number) {
    super({
      slug: 'table-too-large',
      title: 'Table is too large to train on',
      status: HttpStatus.CONFLICT,
      detail: `${rows} rows of ${columns} columns are ${rows * columns} cells; at most ${mostCells} are held in memory.`,
      extensions: { rows, columns, most_cells: mostCells },
    });
  }
}

export class VersionTakenError extends ProblemError {
  constructor(reference: string) {
    super({
      slug: 'version-taken',
      title: 'Version is taken',
      status: HttpStatus.CONFLICT,
      detail: `${reference} is registered or being trained, and versions never change: name another one, or none.`,
    });
  }
}
