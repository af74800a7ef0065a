/**
 * Run by scaling/run.mjs with points, days and calls: searches an evenly sampled curve of white
 * noise and one planet, and prints median time, CPU time and memory.
 */
import { DEFAULT_PARAMS, search, seededRandom } from '#transit';
import { median } from '../statistics.mjs';
import { SUN } from '../workloads/curve.mjs';

const NOISE = 3e-4;
const WARM_UP = 2;

const [points, spanDays, calls] = process.argv.slice(2).map(Number);
const cadenceDays = spanDays / points;
const random = seededRandom(points + spanDays);
const periodDays = spanDays / 5.3;
const durationDays = 0.54 * Math.cbrt(periodDays / 365.25);
const inTransit = Math.max(1, durationDays / cadenceDays) * 5;
const depth = (15 * NOISE) / Math.sqrt(inTransit);

const timeDays = Float64Array.from({ length: points }, (_, i) => i * cadenceDays);
const flux = timeDays.map((time) => {
  const cycles = time / periodDays - 0.3;
  const fromMiddle = Math.abs(cycles - Math.round(cycles)) * periodDays;
  return 1 + NOISE * random.normal() - (fromMiddle < durationDays / 2 ? depth : 0);
});
const curve = {
  timeDays,
  flux,
  fluxError: new Float64Array(points).fill(NOISE),
  segment: new Uint16Array(points),
  timeOffsetDays: 2454833,
  exposureDays: Float64Array.of(cadenceDays),
};
const params = { ...DEFAULT_PARAMS, minPeriodDays: 0.6, maxPlanets: 1, detrend: 'none' };
const before = process.memoryUsage().rss;
const seconds = [];
const cpuSeconds = [];
let grid;
for (let call = -WARM_UP; call < calls; call++) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  ({ grid } = search(curve, SUN, params));
  if (call < 0) continue;
  seconds.push((performance.now() - started) / 1000);
  const { user, system } = process.cpuUsage(cpu);
  cpuSeconds.push((user + system) / 1e6);
}
const facts = {
  seconds: median(seconds),
  cpuSeconds: median(cpuSeconds),
  peakMib: Math.round(process.resourceUsage().maxRSS / 1024),
  // With the library loaded and the curve in memory, before the first search.
  beforeMib: Math.round(before / 2 ** 20),
  periods: grid.periods,
  cost: grid.cost,
};
process.stdout.write(`${JSON.stringify(facts)}\n`);
