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
          return { statistic: answer.statistic, periodDays: answer.periodDays };
        },
        stop: () => process.stop(),
      }
    );
  },
});

export const METHODS = {
  ours,
  astropy: peer('astropy BLS, banded', 'astropy_bls', 'banded', { periodOversampling: 3 }),
};

/** Who is compared with us on which workload. */
export const PEERS_OF = {
  'a-white': [],
  'c-white': ['astropy'],
  'c-red': ['astropy'],
  'e-white': ['astropy'],
  'e-red': ['astropy'],
};
