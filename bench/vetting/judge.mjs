/** What the chain says of one curve: each candidate with its evidence, small enough to be kept. */
import { LocalModels } from '#inference';
import { BUNDLED_MODELS } from '#platform/config';
import { detectAsync } from '#transit';

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

/** The models that come with the platform, as the pipeline asks them. */
export const openModels = () => new LocalModels(BUNDLED_MODELS);

/** @param models of `openModels` */
export async function judge(models, { segments, planet, isYear, kind = null }) {
  const { candidates } = await detectAsync(segments, { sensitivity: 'never' }, () => {}, {
    classifier: models.classifier(),
  });
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
