/**
 * Completeness and reliability as in Thompson et al. 2018, ApJS 235, 38, section 7, for a population
 * that is stated: of 1,000 stars so many of each set (SETS in population.mjs).
 *
 *   completeness = injected planets that are accepted at the right ephemeris / injected planets
 *   reliability  = true ones among the accepted = T / (T + F),
 *     T = stars with planets x completeness,
 *     F = sum over the sets of stars x false acceptances per curve
 *
 * A false acceptance is any accepted candidate that is not the injected planet, at an alias of its
 * period too.
 */

/** @param answers set -> answers of judge() */
export function score(answers, sets, isAccepted = ({ action }) => action === 'accept') {
  const planets = answers.planet;
  const found = planets.filter(({ candidates }) =>
    candidates.some((candidate) => candidate.isTrue && isAccepted(candidate)),
  ).length;
  const completeness = found / planets.length;
  const falseOnes = Object.fromEntries(
    Object.entries(answers).map(([set, curves]) => [set, falseAcceptances(curves, isAccepted)]),
  );
  const expected = (falsePer) =>
    Object.keys(answers).reduce((sum, set) => sum + sets[set].stars * falsePer(set), 0);
  const trueStars = sets.planet.stars * completeness;
  const falseStars = expected((set) => falseOnes[set] / answers[set].length);
  return {
    curves: Object.fromEntries(Object.entries(answers).map(([set, { length }]) => [set, length])),
    found,
    completeness,
    completenessError: Math.sqrt((completeness * (1 - completeness)) / planets.length),
    falseAcceptances: falseOnes,
    reliability: trueStars / (trueStars + falseStars),
    reliabilityAtLeast: trueStars / (trueStars + mostFalseStars(answers, sets, falseOnes)),
  };
}

/**
 * False stars at the upper end of what the counts allow, 95 % one-sided for each of three kinds: on
 * planets' stars, binaries, and the sets without either, which count together.
 */
function mostFalseStars(answers, sets, falseOnes) {
  const kinds = [['planet'], ['binary'], Object.keys(answers).filter((set) => !(set in NOT_NULL))];
  return kinds.reduce((sum, kind) => {
    const curves = kind.reduce((total, set) => total + answers[set].length, 0);
    const stars = kind.reduce((total, set) => total + sets[set].stars, 0);
    const seen = kind.reduce((total, set) => total + falseOnes[set], 0);
    return sum + (stars * poissonUpper(seen)) / curves;
  }, 0);
}

const NOT_NULL = { planet: true, binary: true };

/** 95 % upper limit of the mean of which `count` were seen (Gehrels 1986, ApJ 303, 336, equation 9). */
export function poissonUpper(count) {
  const more = count + 1;
  return more * (1 - 1 / (9 * more) + 1.645 / (3 * Math.sqrt(more))) ** 3;
}

export function falseAcceptances(curves, isAccepted) {
  return curves.reduce(
    (sum, { candidates }) =>
      sum + candidates.filter((candidate) => !candidate.isTrue && isAccepted(candidate)).length,
    0,
  );
}

/** Share of planets with a candidate of the chosen kind, by SNR (rows) and period (columns). */
export function tableOf(planets, snrEdges, periodEdges, isFound) {
  const within = (value, edges, k) => value >= edges[k] && value < edges[k + 1];
  return snrEdges.slice(1).map((_, row) =>
    periodEdges.slice(1).map((_, column) => {
      const members = planets.filter(
        ({ planet }) =>
          within(planet.snr, snrEdges, row) && within(planet.periodDays, periodEdges, column),
      );
      const found = members.filter(({ candidates }) => candidates.some(isFound)).length;
      return { curves: members.length, found };
    }),
  );
}
