/**
 * `npm run bench -- task`: the whole task of one target (validate, read, detrend, search, mask and
 * search again, fit, vet, plots, report) as the worker's threads do it, in CPU time on one core; the
 * same steps with astropy, wotan, SciPy, batman and matplotlib beside it.
 *
 *   --star NAME   one of stars.mjs; may be repeated. Default: all
 *   --tasks N     counted tasks, after the warm-up. Default 9
 *   --memory      only the memory of a whole worker process, in rounds of six jobs
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { writeResult } from '../results.mjs';
import { median } from '../statistics.mjs';
import { measureMemory } from './memory.mjs';
import { measurePeers } from './peers.mjs';
import { filesOf, QUARTER, STARS } from './stars.mjs';
import { startStore, upload } from './store.mjs';
import { showMemory, showTask } from './tables.mjs';
import { onTheMachineOfTheTargets, PEERS_THERE } from './yardstick.mjs';

/** Different stars in turn, so that no task finds its own numbers in a cache. */
const DIFFERENT = 3;
/** The engine has compiled for good what it has run so often; after ten it still compiles for 5 % of the time. */
const WARM_UP = 25;
const MEMORY_ROUNDS = 4;
/** 300 MB. */
const TARGET_MIB = 300e6 / 2 ** 20;

export async function task(words, say) {
  const { values } = parseArgs({
    args: words,
    options: {
      star: { type: 'string', multiple: true },
      tasks: { type: 'string', default: '9' },
      memory: { type: 'boolean', default: false },
    },
  });
  const tasks = Number(values.tasks);
  if (!(Number.isInteger(tasks) && tasks >= 3)) {
    throw new RangeError(`--tasks must be a whole number from 3, not ${values.tasks}`);
  }
  if (!values.star) await memory(say);
  if (values.memory) return;
  const wanted = values.star ?? STARS.map(({ name }) => name);
  const store = await startStore(say);
  try {
    for (const star of STARS.filter(({ name }) => wanted.includes(name))) {
      const result = await measure(store, star, tasks, say);
      process.stdout.write(`${showTask(result)}\n`);
      await writeResult(`task-${star.name}`, result);
    }
  } finally {
    await store.stop();
  }
}

/** Sectors and quarters in turn, then sectors and four years: a process that has seen both. */
async function memory(say) {
  const [tess, kepler] = ['tess', 'kepler'].map((each) => STARS.find(({ name }) => name === each));
  const works = [
    { what: 'sectors of TESS and quarters of Kepler in turn', stars: [tess, QUARTER] },
    { what: 'sectors of TESS and four years of Kepler in turn', stars: [tess, kepler] },
  ];
  const workers = [];
  for (const threads of [1, 2]) {
    for (const { what, stars } of works) {
      workers.push({ what, ...(await measureMemory(threads, stars, MEMORY_ROUNDS, say)) });
    }
  }
  const result = { targetMib: TARGET_MIB, workers };
  process.stdout.write(`${showMemory(result)}\n`);
  await writeResult('task-memory', result);
}

async function measure(store, star, tasks, say) {
  const uploads = await upload(store, star, DIFFERENT, filesOf);
  const told = { store: store.options, star: { name: star.name, uploads } };
  say(`${star.title}: ${WARM_UP + tasks} tasks`);
  const worker = await runWorker({ ...told, warmUp: WARM_UP, tasks });
  const counted = worker.tasks.slice(WARM_UP);
  check(star, counted);
  const names = Object.keys(counted[0].stages);
  const stages = Object.fromEntries(
    names.map((name) => [name, median(counted.map((each) => each.stages[name] ?? 0))]),
  );
  const result = {
    title: star.title,
    what: star.what,
    targetSeconds: star.targetSeconds,
    tasks,
    bytes: uploads[0].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    isPinned: worker.isPinned,
    cpuSeconds: median(counted.map((each) => each.cpuSeconds)),
    least: Math.min(...counted.map((each) => each.cpuSeconds)),
    most: Math.max(...counted.map((each) => each.cpuSeconds)),
    stages,
    cold: { loadCpuSeconds: worker.loadCpuSeconds, cpuSeconds: worker.tasks[0].cpuSeconds },
    ...(await measurePeers(star, say)),
  };
  const there = PEERS_THERE[star.name];
  if (!there || !result.peers) return result;
  return { ...result, there: onTheMachineOfTheTargets(result, there) };
}

/** On one core, which the threads of the engine share with the task. */
async function runWorker(told) {
  const script = fileURLToPath(new URL('worker.mjs', import.meta.url));
  const run = promisify(execFile);
  const options = { maxBuffer: 64 * 2 ** 20 };
  const words = [script, JSON.stringify(told)];
  const isPinned = await run('taskset', ['-c', '0', 'true']).then(
    () => true,
    () => false,
  );
  const { stdout } = isPinned
    ? await run('taskset', ['-c', '0', process.execPath, ...words], options)
    : await run(process.execPath, words, options);
  return { isPinned, ...JSON.parse(stdout) };
}

/** How long a wrong answer takes is of no interest. */
function check(star, tasks) {
  const { planets } = star.simulation;
  for (const { candidates } of tasks) {
    const found = planets.filter(({ periodDays }) =>
      candidates.some((each) => Math.abs(each.periodDays / periodDays - 1) < 0.01),
    );
    if (found.length < planets.length) {
      const periods = candidates.map(({ periodDays }) => periodDays).join(', ');
      throw new Error(`${star.title}: found ${periods || 'nothing'} where three planets are.`);
    }
  }
}
