/** Results of the task bench as Markdown. */
import { provenance, shortTime, table } from '../markdown.mjs';

/** In the order in which they happen, with what the peers use for them. */
const STAGES = {
  validate: ['validate the files', ''],
  read: ['read them again to search', 'astropy.io.fits, or astropy.table'],
  detrend: ['clean, stitch, detrend, again without planets', 'wotan biweight, as often'],
  search: [
    'search, mask, search again',
    'astropy BLS, banded, a round for each planet and one more',
  ],
  fit: ['fit each planet', 'scipy least_squares with batman'],
  vet: ['vet, decide', ''],
  classify: ['classify by the models', ''],
  plots: ['plots, SVG and PNG, stored', 'matplotlib'],
  report: ['report of the target', 'matplotlib, one page of PDF'],
  'job report': ['report of the job', ''],
};

const times = (ratio) => `${Number(ratio.toPrecision(3)).toLocaleString('en')}×`;

export function showTask(result) {
  const { title, what, bytes, tasks, stages, peers = {}, cpuSeconds, cold } = result;
  const rows = Object.entries(stages)
    .filter(([name]) => STAGES[name])
    .map(([name, seconds]) => [
      STAGES[name][0],
      shortTime(seconds),
      peers[name] ? shortTime(peers[name]) : '',
      peers[name] ? times(peers[name] / seconds) : '',
      peers[name] ? STAGES[name][1] : '',
    ]);
  const compared = Object.keys(peers).filter((name) => stages[name]);
  const total = (of, only) => only.reduce((sum, name) => sum + of[name], 0);
  if (compared.length > 1) {
    const sum = (name, only) => {
      const [ours, theirs] = [stages, peers].map((of) => total(of, only));
      rows.push([name, ...[ours, theirs].map(shortTime), times(theirs / ours), '']);
    };
    sum('steps with a peer', compared);
    sum(
      'the same without the search',
      compared.filter((name) => name !== 'search'),
    );
  }
  rows.push(['**whole task**', `**${shortTime(cpuSeconds)}**`, '', '', '']);
  return [
    `**${title}**: ${what}, ${(bytes / 1e6).toFixed(1)} MB, three planets; CPU time of ${tasks} tasks, medians.`,
    '',
    table(['step', 'Lightfold', 'peer', 'ratio', 'peer’s program'], rows),
    '',
    `${target(result)}; from task to task ${shortTime(result.least)} – ${shortTime(result.most)}. In a fresh process: ${shortTime(cold.loadCpuSeconds)} to load the code, ${shortTime(cold.cpuSeconds)} for the first task.${result.isPinned ? '' : ' The process was not held to one core.'}\n`,
  ].join('\n');
}

function target({ targetSeconds, there }) {
  const most = `Target: at most ${shortTime(targetSeconds)}`;
  if (!there) return most;
  const [least, longest] = [there.least, there.most].map((value) => Number(value.toPrecision(2)));
  return `${most} on the machine of the targets. The peers take ${least} to ${longest} times here what they took there; each step divided by that of its peer, the whole task takes **${shortTime(there.cpuSeconds)}** there. Here, in the table`;
}

export function showMemory({ workers, targetMib }) {
  const mib = (value) => String(Math.round(value));
  const rows = workers.map(({ threads, what, jobs, idleMib, peakMib, steadyMib }) => [
    String(threads),
    what,
    String(jobs),
    mib(idleMib),
    mib(peakMib),
    steadyMib.map(mib).join(', '),
  ]);
  return [
    `**Memory of a worker**: a whole process with default settings, as \`npm start\` starts it, that validates and searches targets, six jobs at once. MiB resident; target: at most ${mib(targetMib)} (300 MB) for a worker of one core, which has one thread.`,
    '',
    table(['threads', 'work', 'targets', 'before the first', 'at most', 'after each six'], rows),
    '',
    `${WHY_SO_MUCH}\n`,
  ].join('\n');
}

const WHY_SO_MUCH =
  'What it consists of: 60 MiB are the program of Node itself, some 75 the main thread with its queues, its database and its routes; then, for each thread, some 35 MiB of V8’s heap (16 of them live objects, half of that the code that draws the PDF), the arrays of its target (four years of Kepler: 20 MiB in use at once and as many that wait for the collector) and 20 to 30 MiB that the C library holds between arrays that are still in use. Runs differ by 20 MiB, mostly in the last. What was done and what it brought is in [ADR 20](adr/0020-the-memory-of-a-worker.md).';

const WHAT = `What a user’s files cost a worker from their upload to the finished report, on one core: the functions that the worker’s threads run, with default settings, against a real object store in a process of its own. Counted is the CPU time of the whole process, user and system, all of its threads: compiling, collecting garbage and talking to the store included. The star turns and has white and red noise; three planets are found and masked, and a fourth round finds nothing. Peers take the same files and planets, in CPU time of one thread; astropy’s search of four years is timed on every 100th period in turn and scaled.

Half of what a sector costs is drawing: fifteen pictures of two million pixels, each as PNG and as SVG, most of it zlib, strokes, and handing them to the store. Packing the PNGs by a compressor of our own that knows of rows and runs made them a quarter smaller and took twice as long as zlib. Machines of the same name differ threefold from day to day, by what else runs on them. The targets belong to one of them, on which astropy searches four years once in 48 s (\`bench/task/yardstick.mjs\`).
`;

export function taskSection(results) {
  const names = ['task-tess', 'task-tess-csv', 'task-kepler'].filter((name) => results[name]);
  if (names.length === 0) return [];
  return [
    '## The whole task',
    '',
    WHAT,
    ...names.flatMap((name) => [showTask(results[name]), provenance(results[name])]),
    ...(results['task-memory']
      ? [showMemory(results['task-memory']), provenance(results['task-memory'])]
      : []),
  ];
}
