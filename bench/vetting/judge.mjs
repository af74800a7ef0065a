/** What the chain says of one curve: each candidate with its evidence, small enough to be kept. */
import { candidateModels, FolderRegistry } from '#inference';
import { candidateClassifier } from '#inference/candidates';
import { BUNDLED_MODELS } from '#platform/config';
import { detect } from '#transit';

/** Period within 1 %, and middles within half a transit of each other at both ends of the data. */
export function isPlanet({ periodDays, t0Days }, planet, lastDays) {
  if (!planet || !(Math.abs(periodDays / planet.periodDays - 1) < 0.01)) return false;
  const half = planet.durationHours / 48;
  const missed = (at) => {
    const cycles = (at - planet.t0Days) / planet.periodDays;
    return Math.abs(cycles - Math.round(cycles)) * planet.periodDays;
  };
  const last = t0Days + Math.floor((lastDays - t0Days) / periodDays) * periodDays;
  return missed(t0Days) < half && missed(last) < half;
}

/** By the models that come with the platform. */
const classifier = candidateClassifier(
  await candidateModels(await new FolderRegistry(BUNDLED_MODELS).list()),
);

export function judge({ segments, planet, isYear, kind = null }) {
  const { candidates } = detect(segments, { sensitivity: 'never' }, () => {}, { classifier });
  const { timeDays } = segments.at(-1);
  const lastDays = timeDays[timeDays.length - 1];
  return {
    isYear,
    kind,
    planet,
    candidates: candidates.map(({ signal, fit, vetting, classification, decision, ...more }) => ({
      isTrue: isPlanet(signal, planet, lastDays),
      signal: { ...signal, periodDays: finite(signal.periodDays), aliases: [] },
      fit: { backend: fit.backend, success: fit.success, message: fit.message },
      vetting: vetting.map(({ test, value, threshold, verdict, message }) => ({
        test,
        value,
        threshold,
        verdict,
        message,
      })),
      classification: { ...classification, embedding: null },
      falseAlarmProbability: more.falseAlarmProbability,
      action: decision.action,
      reasons: decision.reasons,
    })),
  };
}

/** NaN does not survive JSON; null does, and is no number either. */
const finite = (value) => (Number.isFinite(value) ? value : null);
