/** A table as Prettier would write it, so that the page is formatted as it is rendered. */
export function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => [...row[column]].length)));
  const line = (cells) =>
    `| ${cells.map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length)).join(' | ')} |`;
  return [
    line(all[0]),
    line(widths.map((width) => '-'.repeat(width))),
    ...all.slice(1).map(line),
  ].join('\n');
}

/** With which command, on which machine, from which sources. */
export function provenance({ command, machine, commit, versions = {} }) {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const where = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`;
  return `\`${command}\` at ${commit}; ${[where, ...packages].join(', ')}.\n`;
}
