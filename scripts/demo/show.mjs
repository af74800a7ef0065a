/** What the demo writes on the terminal. */

/** One line that is written over while the job runs; where there is no terminal, one a change. */
export function progressLine(out = process.stdout) {
  let last = '';
  let newest = 0;
  let isOpen = false;
  return {
    show({ seq = newest, progress = 0, stage, message }) {
      if (seq < newest) return; // events and polls overtake each other
      newest = seq;
      const text = [stage, message].filter(Boolean).join(': ');
      const key = out.isTTY ? `${progress.toFixed(0)} ${text}` : text;
      if (!text || key === last) return;
      last = key;
      if (out.isTTY) {
        const width = Math.max(20, (out.columns ?? 80) - 1);
        out.write(`\r\x1b[2K${bar(progress)} ${text}`.slice(0, width + 5));
        isOpen = true;
      } else {
        out.write(`  ${progress.toFixed(0).padStart(3)} %  ${text}\n`);
      }
    },
    end() {
      if (isOpen) out.write('\n');
      isOpen = false;
    },
  };
}

const BAR_CELLS = 20;

function bar(percent) {
  const full = Math.round((percent / 100) * BAR_CELLS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${percent.toFixed(0).padStart(3)} %`;
}

const COLUMNS = [
  ['#', (c) => String(c.rank)],
  ['target', (c) => c.target],
  ['period (d)', (c) => (c.period_days === null ? 'single' : c.period_days.toFixed(5))],
  ['first transit (BJD)', (c) => c.t0_bjd.toFixed(4)],
  ['depth (ppm)', (c) => c.depth_ppm.toFixed(0)],
  ['duration (h)', (c) => c.duration_hours.toFixed(2)],
  ['SNR', (c) => c.snr.toFixed(1)],
  ['probability', (c) => c.probability.toFixed(2)],
  ['decision', (c) => c.rl_action.replace('_', ' ')],
];

/** @param {object[]} candidates as /results gives them */
export function candidatesTable(candidates) {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...candidates.map((c) => COLUMNS.map(([, of]) => of(c))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, i) => cell.padStart(widths[i])).join('  '));
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return lines.join('\n');
}
