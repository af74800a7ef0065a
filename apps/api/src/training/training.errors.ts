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

export class VersionInTrainingError extends ProblemError {
  constructor(reference: string) {
    super({
      slug: 'version-in-training',
      title: 'Version is being trained',
      status: HttpStatus.CONFLICT,
      detail: `Another job trains ${reference} at this moment: name another version, or none.`,
    });
  }
}
