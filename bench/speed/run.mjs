/**
 * `npm run bench -- speed`: the whole search of one round, coarse and refined, beside its peers on
 * the same curves; round by round each in turn, so that whatever slows the machine slows all.
 *
 *   --race a|b|c   one of contestants.mjs; may be repeated. Default: all
 *   --rounds N     default 7; one more goes before them and is not counted
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { writeResult } from '../results.mjs';
import { median, ratioOfRounds } from '../statistics.mjs';
import { injectedCurve } from '../workloads/curve.mjs';
import { workloadNamed } from '../workloads/workloads.mjs';
import { contestantsOf, PLANET_SNR, RACES } from './contestants.mjs';
import { raceKernels } from './kernels.mjs';
import { showKernels, showRace } from './tables.mjs';

export async function speed(words, say) {
  const { values } = parseArgs({
    args: words,
    options: {
      race: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '7' },
    },
  });
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds >= 3)) {
    throw new RangeError(`--rounds must be a whole number from 3, not ${values.rounds}`);
  }
  const wanted = values.race ?? RACES.map(({ name }) => name);
  for (const race of RACES.filter(({ name }) => wanted.includes(name))) {
    const result = await run(race, rounds, say);
    process.stdout.write(`${showRace(result)}\n`);
    await writeResult(`speed-${race.name}`, result);
  }
  const kernels = raceKernels(rounds);
  process.stdout.write(`${showKernels(kernels)}\n`);
  await writeResult('speed-kernel', kernels);
}

async function run(race, rounds, say) {
  const workload = workloadNamed(race.workload);
  const contestants = await contestantsOf(race, say);
  const times = contestants.map(() => ({ seconds: [], cpuSeconds: [] }));
  let points = 0;
  try {
    await warmUp(contestants[0], workload, race);
    for (let round = -1; round < rounds; round++) {
      const wanted = { periodDays: race.planetDays, snr: PLANET_SNR };
      const { curve, planet } = injectedCurve(workload, round + 1, wanted);
      points = curve.timeDays.length;
      for (const [i, contestant] of contestants.entries()) {
        const { seconds, cpuSeconds } = await contestant.measure(curve, planet, round + 1);
        if (round < 0) continue; // compiling, and first touch of memory
        times[i].seconds.push(seconds);
        times[i].cpuSeconds.push(cpuSeconds);
      }
      say(`${race.title}: round ${round + 1} of ${rounds}`);
    }
  } finally {
    for (const contestant of contestants) contestant.stop();
  }
  return {
    title: race.title,
    target: race.target,
    points,
    spanDays: Math.round(workload.survey.segments * workload.survey.spacingDays),
    periodsDays: race.periodsDays,
    rounds,
    firstCall: await firstCall(race.name),
    versions: Object.assign({}, ...contestants.map(({ versions }) => versions)),
    contestants: contestants.map(({ title, everyNth = 1 }, i) => ({
      title,
      everyNth,
      seconds: median(times[i].seconds),
      cpuSeconds: median(times[i].cpuSeconds),
      ...(i > 0 && {
        ...ratioOfRounds(times[i].seconds, times[0].seconds),
        cpuRatio: ratioOfRounds(times[i].cpuSeconds, times[0].cpuSeconds).ratio,
      }),
    })),
  };
}

/** The engine compiles for good what has run for so long. */
const WARM_SECONDS = 3;

/** As a worker is that has searched before: what the first call costs is measured by itself. */
async function warmUp(ours, workload, { planetDays }) {
  const until = performance.now() + 1000 * WARM_SECONDS;
  for (let i = 0; i < 10 || performance.now() < until; i++) {
    const { curve, planet } = injectedCurve(workload, i, {
      periodDays: planetDays,
      snr: PLANET_SNR,
    });
    await ours.measure(curve, planet);
  }
}

/** In a process of its own: what loading the library and the very first search cost. */
async function firstCall(name) {
  const script = fileURLToPath(new URL('first-call.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, name]);
  return JSON.parse(stdout);
}
