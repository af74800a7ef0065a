/** What docs/benchmarks.md says about recall. */
import { provenance } from '../markdown.mjs';
import { showBox } from './check-box.mjs';
import { showTable } from './table.mjs';

const INTRODUCTION = `## Recall at equal false alarms

Planets near the threshold (SNR 5.5 to 9 by the formula for white noise, periods uniform in their logarithm, at least two transits in the data) are hidden in curves. A planet counts as found where a method's statistic is above the value that 1 % (5 %) of that method's own null curves exceed, and its best period is within 1 % of the true one. All methods get the same curves, as they are, without detrending. Errors of recall are binomial; errors of differences are bootstrapped over null and injected curves, so that they hold the uncertainty of the thresholds as well. "Curve by curve" counts planets that only one of the two found.

The statistics: ours is the \`score\` of the strongest periodic signal (its SNR, less what an improbable duration costs), astropy's the root of twice the gain in log-likelihood, TLS's the root of its gain in χ² and, as its users apply it, its SDE. Our search and TLS are told that the star is the Sun, which it is. What flatters us: the red noise is the very kind of process that our search whitens with (its scale and strength are fitted, not told), and orbits are circular.
`;

const WORKLOADS = {
  'c-white': 'One Kepler quarter, white noise. Target: at least 4 points above astropy.',
  'c-red': "One Kepler quarter, red noise. Target: at least 1.5 times astropy's recall.",
  'a-white': 'Four years of Kepler, 0.8–350 d. Target: not below astropy.',
  'e-white': "One TESS sector of 30-minute data, white noise. Target: not below TLS's χ².",
  'e-red': 'One TESS sector of 30-minute data, red noise.',
};

export function recallSection(results) {
  const found = Object.entries(WORKLOADS).filter(([name]) => results[`recall-${name}`]);
  if (found.length === 0) return [];
  return [
    INTRODUCTION,
    ...found.flatMap(([name, sentence]) => {
      const result = results[`recall-${name}`];
      return [
        '',
        `### ${sentence.split('.')[0]}`,
        '',
        sentence,
        '',
        showTable(result),
        ...(name === 'a-white' && results['recall-box'] ? [showBox(results['recall-box'])] : []),
        provenance(result),
      ];
    }),
  ];
}
