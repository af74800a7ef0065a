/**
 * The methods that are compared: each gives a curve its strongest periodic signal, as a detection
 * statistic and a period. What finds nothing periodic answers 0.
 */
import { DEFAULT_PARAMS, search } from '#transit';
import { startPeer } from '../peers/python.mjs';
import { SUN } from '../workloads/curve.mjs';

/** Below any threshold that a false-alarm rate of a few percent asks for. */
const LEAST_SNR = 4;

/** Our search: one planet, on the curve as it is, told that the star is the Sun. */
export function searchOurs(curve, { periodsDays }, changes = {}) {
  const { rounds } = search(curve, SUN, {
    ...DEFAULT_PARAMS,
    minPeriodDays: periodsDays[0],
    maxPeriodDays: periodsDays[1],
    maxPlanets: 1,
    detrend: 'none',
    minSnr: LEAST_SNR,
    ...changes,
  });
  return rounds;
}

const ours = {
  title: 'Lightfold',
  definition: null, // never cached: it is what changes
  async start() {
    return {
      answer(curve, workload) {
        const signal = searchOurs(curve, workload).find((round) => round.signal)?.signal;
        const isPeriodic = signal && Number.isFinite(signal.periodDays);
        return isPeriodic
          ? { statistic: signal.score, periodDays: signal.periodDays }
          : { statistic: 0, periodDays: null };
      },
      stop() {},
    };
  },
};

const peer = (title, name, call, request) => ({
  title,
  definition: { name, call, ...request },
  async start(say) {
    const process = await startPeer(name, say);
    return (
      process && {
        versions: process.versions,
        async answer(curve, { periodsDays: [minPeriodDays, maxPeriodDays] }) {
          const answer = await process.ask(call, curve, {
            minPeriodDays,
            maxPeriodDays,
            ...request,
          });
          const { statistic, periodDays, sde, sdePeriodDays } = answer;
          return { statistic, periodDays, ...(sde !== undefined && { sde, sdePeriodDays }) };
        },
        stop: () => process.stop(),
      }
    );
  },
});

/** The same run of a peer, judged by another of its statistics. */
const judgedBy = (title, method, cachedAs, pick) => ({ ...method, title, cachedAs, pick });

const tls = peer('TLS, χ²', 'tls', 'tight', {});

export const METHODS = {
  ours,
  astropy: peer('astropy BLS, banded', 'astropy_bls', 'banded', { periodOversampling: 3 }),
  tls,
  'tls-sde': judgedBy('TLS, SDE', tls, 'tls', ({ sde, sdePeriodDays }) => ({
    statistic: sde,
    periodDays: sdePeriodDays,
  })),
  'astropy-near': nearTheTruth(),
};

/**
 * Four years: astropy is asked only within 1 % of the true period, which favours it, since no other
 * period can win. Null curves are searched at all periods by a box search that is equal to astropy's
 * (peers/box_search.py).
 */
function nearTheTruth() {
  const definition = { nulls: 'box_search two-pass 3', injected: 'astropy_bls near 0.01 3' };
  return {
    title: 'astropy BLS, told the period',
    definition,
    async start(say) {
      const [box, astropy] = [
        await startPeer('box_search', say),
        await startPeer('astropy_bls', say),
      ];
      if (!box || !astropy) return null;
      return {
        versions: { ...box.versions, ...astropy.versions },
        async answer(curve, { periodsDays: [minPeriodDays, maxPeriodDays] }, planet) {
          const range = { minPeriodDays, maxPeriodDays };
          const { statistic, periodDays } = planet
            ? await astropy.ask('near', curve, {
                ...range,
                nearDays: planet.periodDays,
                within: 0.01,
              })
            : await box.ask('search', curve, range);
          return { statistic, periodDays };
        },
        stop() {
          box.stop();
          astropy.stop();
        },
      };
    },
  };
}

/** Who is compared with us on which workload. */
export const PEERS_OF = {
  'a-white': ['astropy-near'],
  'c-white': ['astropy'],
  'c-red': ['astropy'],
  'e-white': ['astropy', 'tls', 'tls-sde'],
  'e-red': ['astropy', 'tls', 'tls-sde'],
};
