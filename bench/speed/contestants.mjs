/** Who is timed on which curve, and on which part of its periods where all of them take too long. */
import { searchOurs } from '../recall/methods.mjs';
import { startPeer } from '../peers/python.mjs';
import { isPeriodRight } from '../statistics.mjs';

/**
 * The curves of the speed bench: white noise and a planet that nobody can miss, so that one round
 * of search ends it. `sampled`: every n-th period is timed, by peer.
 */
export const RACES = [
  {
    name: 'a',
    title: 'Four years of Kepler',
    workload: 'a-white',
    periodsDays: [0.6, 720],
    planetDays: 11.7,
    sampled: { astropy_bls: 100, tls: 100 },
    bins: null,
    target: 500,
  },
  {
    name: 'b',
    title: 'One TESS sector, 2-minute data',
    workload: 'b-white',
    periodsDays: [0.6, 13.4],
    planetDays: 4.3,
    sampled: {},
    bins: 10 / 1440,
    target: 60,
  },
  {
    name: 'c',
    title: 'One quarter of Kepler',
    workload: 'c-white',
    periodsDays: [0.6, 44.9],
    planetDays: 7.1,
    earlierTls: true, // on longer curves its last step, the best epoch, takes minutes
    sampled: {},
    bins: null,
    target: 100,
  },
];
export const PLANET_SNR = 15;
/** Nothing is timed for less. */
const LEAST_SECONDS = 0.1;

/** @returns contestants that can be had, ours first; each has measure(curve, planet, round) */
export async function contestantsOf(race, say) {
  const range = { minPeriodDays: race.periodsDays[0], maxPeriodDays: race.periodsDays[1] };
  const peers = [];
  const start = async (title, file, call, request = {}, options = {}) => {
    const peer = await startPeer(file, say, options);
    const everyNth = race.sampled[file] ?? 1;
    if (!peer) return;
    const contestant = timedPeer(title, peer, call, { ...range, ...request }, everyNth);
    // The title of an earlier version says which it is.
    peers.push(options.earlier ? { ...contestant, versions: {} } : contestant);
  };
  await start('astropy BLS, banded, 5 bins a duration', 'astropy_bls', 'banded');
  await start('astropy BLS, one call, its defaults', 'astropy_bls', 'single');
  await start('TLS, tight limits of the star', 'tls', 'tight');
  await start('TLS, its defaults', 'tls', 'default');
  if (race.earlierTls) await start('TLS 1.32, tight limits', 'tls', 'tight', {}, { earlier: true });
  await start('GERBLS (C++)', 'gerbls_ffa', 'search');
  if (race.bins) {
    await start('GERBLS (C++), 10-minute bins', 'gerbls_ffa', 'search', { binDays: race.bins });
  }
  return [ourSearch(race), ...peers];
}

function ourSearch(race) {
  return {
    title: 'Lightfold',
    versions: {},
    measure(curve, planet) {
      const cpu = process.cpuUsage();
      const started = performance.now();
      let searches = 0;
      let rounds;
      let seconds;
      // A few milliseconds after others have had the caches say little: the mean of a tenth of a second.
      do {
        rounds = searchOurs(curve, race, { minSnr: 7 });
        searches++;
        seconds = (performance.now() - started) / 1000;
      } while (seconds < LEAST_SECONDS);
      const { user, system } = process.cpuUsage(cpu);
      demand('Lightfold', rounds[0].signal?.periodDays, planet.periodDays);
      return { seconds: seconds / searches, cpuSeconds: (user + system) / 1e6 / searches };
    },
    stop() {},
  };
}

function timedPeer(title, peer, call, request, everyNth) {
  return {
    title,
    everyNth,
    versions: peer.versions,
    async measure(curve, planet, round) {
      const sample = everyNth > 1 ? { everyNth, first: (37 * round) % everyNth } : {};
      const answer = await peer.ask(call, curve, { ...request, ...sample });
      // A part of the periods need not hold the planet's.
      if (everyNth === 1) demand(title, answer.periodDays, planet.periodDays);
      const seconds = everyNth > 1 ? answer.scaledSeconds : answer.seconds;
      return { seconds, cpuSeconds: (seconds * answer.cpuSeconds) / answer.seconds };
    },
    stop: () => peer.stop(),
  };
}

/** How long a wrong answer takes is of no interest. */
function demand(title, periodDays, trueDays) {
  if (!isPeriodRight(periodDays ?? NaN, trueDays)) {
    throw new Error(`${title} found ${periodDays} d where ${trueDays} d was hidden.`);
  }
}
