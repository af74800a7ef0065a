/** What the command writes: results on stdout, everything else on stderr. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** A failure whose sentence is all that the user needs. */
export class CommandError extends Error {
  readonly exitCode: number = 1;
}

/** The command was called wrongly: an option is not what it should be. */
export class UsageError extends CommandError {
  override readonly exitCode = 2;
}

/** Columns padded to their widest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column].length), title.length),
  );
  const isNumeric = header.map((_, column) =>
    rows.every((row) => /^[-+]?[\d.]*(e[-+]?\d+)?%?$/.test(row[column])),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        isNumeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}
