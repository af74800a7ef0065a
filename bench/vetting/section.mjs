/** What docs/benchmarks.md says about completeness and reliability of the whole chain. */
import { provenance, table } from '../markdown.mjs';

const percent = (value) => `${(100 * value).toFixed(1)} %`;

const INTRODUCTION = `## Completeness and reliability

The whole chain (clean, detrend, search, fit, vet, decide) on simulated stars (\`bench/vetting/population.mjs\`), nine in ten for a quarter of Kepler and one in ten for a year, with white and red noise, rotation, flares, sudden drops of the detector, gaps. Injected planets have an SNR of 7 to 30 (uniform in its logarithm; the star's own white and red noise count), periods of 0.6 to 100 d (uniform in their logarithm as far as the curve allows) and at least three transits. Completeness is the share of all injected planets that is accepted at the right ephemeris, whatever the search found. Reliability is the share of planets among what is accepted in a population of 1,000 stars (Thompson et al. 2018, section 7): 20 with such a planet, 20 eclipsing binaries, half of them blended, and 960 with neither, a third as they are, a third inverted, a third scrambled. "At least" puts all three kinds of false ones (on stars with planets, binaries, nulls) at their 95 % upper limits at once. Thresholds were chosen on other seeds than those that are reported. Target: completeness of at least 0.91 at a reliability of at least 0.97.
`;

export function showResult(result) {
  const rows = [
    ['accepted', result],
    ['accepted or left to a human', result.notRejected],
  ].map(([what, scores]) => [
    what,
    `${percent(scores.completeness)} ± ${percent(scores.completenessError)}`,
    `${percent(scores.reliability)} (at least ${percent(scores.reliabilityAtLeast)})`,
    ...['planet', 'binary', 'noise', 'inverted', 'scrambled'].map(
      (set) => `${scores.falseAcceptances[set]} of ${scores.curves[set]}`,
    ),
  ]);
  const { lost, snrEdges, periodEdges } = result;
  const cells = result.table.map((row, k) => [
    `${snrEdges[k]}–${snrEdges[k + 1]}`,
    ...row.map(({ curves, found }) => (curves ? `${found} of ${curves}` : '–')),
  ]);
  const kinds = Object.entries(result.binariesByKind).map(
    ([kind, { curves, accepted }]) => `${kind}: ${accepted} of ${curves}`,
  );
  return [
    table(
      [
        'what counts',
        'completeness',
        'reliability',
        'false on planets',
        'binaries',
        'noise',
        'inverted',
        'scrambled',
      ],
      rows,
    ),
    '',
    `Planets that were not accepted: ${lost.notFound} not found by the search at the right ephemeris, ${lost.rejected} rejected, ${lost.humanReview} left to a human. Binaries accepted, by kind: ${kinds.join('; ')}.`,
    '',
    'Planets accepted, by SNR and period in days:',
    '',
    table(['SNR', ...periodEdges.slice(1).map((to, k) => `${periodEdges[k]}–${to} d`)], cells),
    '',
    `${result.vetting}, ${result.policy}; ${Math.round(result.cpuSeconds)} s of CPU.`,
    '',
  ].join('\n');
}

export function vettingSection(results) {
  const { vetting } = results;
  return vetting ? [INTRODUCTION, '', showResult(vetting), provenance(vetting)] : [];
}
