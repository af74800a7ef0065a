/** Recall of every method at equal false alarms, and curve by curve against ours. */
import { seededRandom } from '#transit';
import {
  differenceError,
  isPeriodRight,
  isRecovered,
  paired,
  share,
  thresholdAt,
} from '../statistics.mjs';

const RATES = [0.01, 0.05];
const SNR_EDGES = [5.5, 6.5, 7.5, 9];

/**
 * @param answers method name -> { title, nulls, injected: { statistic, periodDays }[] }
 * @param truth (injected,) what was hidden: { periodDays, snr }
 */
export function compare(workload, answers, truth) {
  const trueDays = truth.map(({ periodDays }) => periodDays);
  const statisticsOf = ({ nulls }) => nulls.map(({ statistic }) => statistic);
  const recoveredAt = (method, rate) => {
    const threshold = thresholdAt(statisticsOf(method), rate);
    return method.injected.map((answer, i) => isRecovered(answer, trueDays[i], threshold));
  };
  const methods = Object.entries(answers).map(([name, method]) => {
    const recovered = recoveredAt(method, RATES[0]);
    return {
      name,
      title: method.title,
      rates: RATES.map((rate) => ({
        rate,
        threshold: thresholdAt(statisticsOf(method), rate),
        recall: share(recoveredAt(method, rate)),
      })),
      noSignal: {
        nulls: method.nulls.filter(({ statistic }) => statistic === 0).length,
        injected: method.injected.filter(({ statistic }) => statistic === 0).length,
      },
      // At 1 %: strong enough but at another period; at the right period but too weak.
      wrongPeriod: method.injected.filter(
        ({ statistic, periodDays }, i) =>
          statistic > thresholdAt(statisticsOf(method), RATES[0]) &&
          !isPeriodRight(periodDays, trueDays[i]),
      ).length,
      tooWeak: method.injected.filter(
        ({ periodDays }, i) => !recovered[i] && isPeriodRight(periodDays, trueDays[i]),
      ).length,
      bySnr: bins(
        truth.map(({ snr }) => snr),
        SNR_EDGES,
        recovered,
      ),
      byPeriod: bins(trueDays, periodEdges(workload), recovered),
    };
  });
  const [first, ...others] = Object.entries(answers);
  const comparisons = others.map(([name, other]) => ({
    name,
    rates: RATES.map((rate) => {
      const flags = [first[1], other].map((method) => recoveredAt(method, rate));
      const shape = (method) => ({ nulls: statisticsOf(method), injected: method.injected });
      return {
        rate,
        ...paired(flags[0], flags[1]),
        difference: share(flags[0]).value - share(flags[1]).value,
        error: differenceError([first[1], other].map(shape), trueDays, rate, seededRandom(1)),
      };
    }),
  }));
  return {
    workload: workload.name,
    versions: Object.assign({}, ...Object.values(answers).map(({ versions }) => versions ?? {})),
    nulls: first[1].nulls.length,
    injected: truth.length,
    secondsPerCurve: first[1].seconds / (first[1].nulls.length + truth.length),
    methods,
    comparisons,
  };
}

/** Thirds of the injected range in log period. */
function periodEdges({ injected: { periodsDays } }) {
  const [low, high] = periodsDays;
  return [0, 1, 2, 3].map((third) => Number((low * (high / low) ** (third / 3)).toPrecision(2)));
}

function bins(values, edges, flags) {
  return edges.slice(1).map((to, k) => {
    const from = edges[k];
    const isLast = k === edges.length - 2;
    const members = flags.filter(
      (_, i) => (k === 0 || values[i] >= from) && (isLast || values[i] < to),
    );
    return {
      from,
      to,
      curves: members.length,
      recall: members.length ? share(members).value : null,
    };
  });
}
