/** The steps of a task with the programs of astronomers, on the same files and the same planets. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PARAMS, detect, limbDarkeningOf, bandOf, prepare } from '#transit';
import { readLightCurve } from '#transit/io';
import { startPeer } from '../peers/python.mjs';
import { filesOf } from './stars.mjs';

/** Kepler's half hours are integrated; two minutes need it not (Kipping 2010). */
const SUPERSAMPLING = { Kepler: 7, TESS: 1 };
const MASK_DURATIONS = 0.85; // half of what is masked, as in our search
/** Before the timed call: compiling of numba, fonts of matplotlib. */
const UNCOUNTED = 1;
const COUNTED = 3;

/** @returns {Promise<{ peers?: object, versions?: object }>} CPU seconds by stage */
export async function measurePeers(star, say) {
  const peer = await startPeer('whole_task', say);
  const astropy = star.sampled ? await startPeer('astropy_bls', say) : null;
  const folder = mkdtempSync(join(tmpdir(), 'lightfold-bench-'));
  try {
    if (!peer || (star.sampled && !astropy)) return {};
    const files = filesOf(star, 0).map(({ filename, bytes }) => {
      const path = join(folder, filename);
      writeFileSync(path, bytes);
      return { filename, path, bytes };
    });
    const known = await knownOf(files);
    const stages = { read: await timed(peer, 'read', known.raw, { files: files.map(pathOf) }) };
    if (star.sampled) {
      stages.search = await searched(astropy, known, star.sampled, say);
      for (const [name, curve, request] of steps(known)) {
        stages[name] = await timed(peer, name, curve, request);
        say(`${star.title}: ${name} with the peers ${(1000 * stages[name]).toFixed(0)} ms`);
      }
    }
    return { peers: stages, versions: peer.versions };
  } finally {
    peer?.stop();
    astropy?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const pathOf = ({ path }) => path;

function steps(known) {
  const { raw, detrended, planets, detrending } = known;
  const { windowDays, passes } = detrending;
  const request = { planets, ...known.model };
  return [
    // To search, and again without what was found.
    ['detrend', raw, { windowDays, times: 2 * passes }],
    ['fit', detrended, request],
    ['plots', detrended, request],
    ['report', detrended, request],
  ];
}

/** Each peer gets what our own steps give the next one: what is timed is the same work. */
async function knownOf(files) {
  const segments = [];
  for (const { filename, bytes } of files) {
    const stream = (async function* () {
      yield bytes;
    })();
    segments.push((await readLightCurve({ filename, stream })).segment);
  }
  const { raw, detrended, detrending } = prepare(segments, DEFAULT_PARAMS);
  const { candidates, mission, star } = detect(segments);
  const planets = candidates.map(({ signal }) => ({
    periodDays: signal.periodDays,
    t0Days: signal.t0Days,
    durationDays: signal.durationHours / 24,
    depth: signal.depthPpm / 1e6,
  }));
  const model = {
    limbDarkening: limbDarkeningOf(star, bandOf(mission)).coefficients,
    exposureDays: detrended.exposureDays[0],
    supersampling: SUPERSAMPLING[mission],
  };
  return { raw, detrended, detrending, planets, model };
}

/** A round for each planet, and the one that finds nothing more; on every n-th period, and scaled. */
async function searched(astropy, { detrended, planets }, everyNth, say) {
  const range = {
    minPeriodDays: DEFAULT_PARAMS.minPeriodDays,
    maxPeriodDays: Math.min(500, spanOf(detrended) / 2),
  };
  let curve = detrended;
  let cpuSeconds = 0;
  for (let round = 0; round <= planets.length; round++) {
    const sample = everyNth > 1 ? { everyNth, first: round } : {};
    const answer = await astropy.ask('banded', curve, { ...range, ...sample });
    const scale = everyNth > 1 ? answer.scaledSeconds / answer.seconds : 1;
    cpuSeconds += scale * answer.cpuSeconds;
    say(`astropy, round ${round + 1}: ${cpuSeconds.toFixed(1)} s so far`);
    if (round < planets.length) curve = withoutTransitsOf(curve, planets[round]);
  }
  return cpuSeconds;
}

const spanOf = ({ timeDays }) => timeDays.at(-1) - timeDays[0];

function withoutTransitsOf(curve, { periodDays, t0Days, durationDays }) {
  const kept = [...curve.timeDays.keys()].filter((i) => {
    const cycles = (curve.timeDays[i] - t0Days) / periodDays;
    return Math.abs(cycles - Math.round(cycles)) * periodDays > MASK_DURATIONS * durationDays;
  });
  const pick = (values) => Float64Array.from(kept, (i) => values[i]);
  return {
    timeDays: pick(curve.timeDays),
    flux: pick(curve.flux),
    fluxError: pick(curve.fluxError),
  };
}

async function timed(peer, call, curve, request) {
  const seconds = [];
  for (let k = -UNCOUNTED; k < COUNTED; k++) {
    const answer = await peer.ask(call, curve, request);
    if (k >= 0) seconds.push(answer.cpuSeconds);
  }
  return seconds.sort((a, b) => a - b)[COUNTED >> 1];
}
