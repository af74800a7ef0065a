/**
 * `npm run bench -- biweight`: our sliding biweight beside wotan's (the
 * version of today, and the one that the target was set against), on four years of Kepler with
 * spots, in windows of half a day to two days; the trends are compared point by point.
 *
 *   --rounds N   default 7; three more go before them and are not counted
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { detrend } from '#transit';
import { startPeer } from '../peers/python.mjs';
import { writeResult } from '../results.mjs';
import { median, ratioOfRounds } from '../statistics.mjs';
import { nullCurve } from '../workloads/curve.mjs';
import { workloadNamed } from '../workloads/workloads.mjs';
import { showBiweight } from './tables.mjs';

const WINDOWS_DAYS = [0.5, 1, 2];
/** Spots: half the peak-to-peak, and the star's turn. */
const ROTATION = { amplitude: 2e-3, periodDays: 13 };

export async function biweight(words, say) {
  const { values } = parseArgs({
    args: words,
    options: { rounds: { type: 'string', default: '7' } },
  });
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds >= 3)) {
    throw new RangeError(`--rounds must be a whole number from 3, not ${values.rounds}`);
  }
  const peers = [];
  for (const options of [{}, { earlier: true }]) {
    const peer = await startPeer('wotan_biweight', say, options);
    if (peer) peers.push(peer);
  }
  if (peers.length === 0) return;
  const windows = [];
  try {
    for (const windowDays of WINDOWS_DAYS) windows.push(await race(peers, windowDays, rounds, say));
  } finally {
    for (const peer of peers) peer.stop();
  }
  const result = { rounds, target: 15, versions: { numba: peers[0].versions.numba }, windows };
  process.stdout.write(`${showBiweight(result)}\n`);
  await writeResult('biweight', result);
}

/** All in one window, in turns. */
async function race(peers, windowDays, rounds, say) {
  const ours = { seconds: [], cpuSeconds: [] };
  const entries = peers.map((peer) => ({ peer, seconds: [], cpuSeconds: [] }));
  let points;
  for (let round = -3; round < rounds; round++) {
    const curve = spotted(nullCurve(workloadNamed('a-white'), Math.max(0, round)));
    points = curve.timeDays.length;
    let trend;
    const own = await meanOf(() => timed(() => (trend = trendOf(curve, windowDays))));
    if (round >= 0) record(ours, own);
    for (const entry of entries) {
      const time = await meanOf(() => entry.peer.ask('biweight', curve, { windowDays }));
      entry.differences = compare(curve, trend, readTrend(entry.peer));
      if (round >= 0) record(entry, time);
    }
  }
  say(`biweight: window of ${windowDays} d`);
  return {
    windowDays,
    points,
    seconds: median(ours.seconds),
    cpuSeconds: median(ours.cpuSeconds),
    peers: entries.map(({ peer, seconds, cpuSeconds, differences }) => ({
      title: `wotan ${peer.versions.wotan}`,
      seconds: median(seconds),
      cpuSeconds: median(cpuSeconds),
      ...ratioOfRounds(seconds, ours.seconds),
      cpuRatio: ratioOfRounds(cpuSeconds, ours.cpuSeconds).ratio,
      differences,
    })),
  };
}

/** Each is called as often as fills this time, and the mean counts. */
const LEAST_SECONDS = 0.1;

async function meanOf(call) {
  let [calls, seconds, cpuSeconds] = [0, 0, 0];
  while (seconds < LEAST_SECONDS) {
    const time = await call();
    seconds += time.seconds;
    cpuSeconds += time.cpuSeconds;
    calls++;
  }
  return { seconds: seconds / calls, cpuSeconds: cpuSeconds / calls };
}

function record(times, { seconds, cpuSeconds }) {
  times.seconds.push(seconds);
  times.cpuSeconds.push(cpuSeconds);
}

function timed(work) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

const trendOf = (curve, windowDays) =>
  detrend(curve, { method: 'biweight', windowDays }).detrending.trend;

function readTrend({ folder }) {
  const bytes = readFileSync(join(folder, 'curve.f64.trend'));
  return new Float64Array(new Uint8Array(bytes).buffer);
}

function spotted(curve) {
  const spots = (time) => ROTATION.amplitude * Math.sin((2 * Math.PI * time) / ROTATION.periodDays);
  return { ...curve, flux: curve.flux.map((value, i) => value + spots(curve.timeDays[i])) };
}

/** Relative to one point's noise; at edges of a stretch the two cut their windows differently. */
function compare(curve, ours, theirs) {
  const apart = [];
  for (let i = 0; i < ours.length; i++) {
    if (Number.isFinite(theirs[i])) apart.push(Math.abs(ours[i] - theirs[i]) / curve.fluxError[i]);
  }
  apart.sort((a, b) => a - b);
  return {
    compared: apart.length,
    median: median(apart),
    p99: apart[Math.floor(0.99 * apart.length)],
    most: apart.at(-1),
  };
}
