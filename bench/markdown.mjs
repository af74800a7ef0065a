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

/** Three digits, in the unit that suits: "812 µs", "65.1 ms", "52.5 s", "2.57 h". */
export function shortTime(seconds) {
  const units = [
    ['h', 3600],
    ['s', 1],
    ['ms', 1e-3],
    ['µs', 1e-6],
  ];
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? units.at(-1);
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}
