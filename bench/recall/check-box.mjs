/**
 * `npm run bench -- box`: whether the box search that stands for astropy on the null curves of four
 * years (peers/box_search.py) is equal to it, on every 997th period, and whether its two passes find
 * the maximum of all periods.
 *
 *   --curves N   null curves. Default 3
 */
import { parseArgs } from 'node:util';
import { startPeer } from '../peers/python.mjs';
import { writeResult } from '../results.mjs';
import { nullCurve } from '../workloads/curve.mjs';
import { workloadNamed } from '../workloads/workloads.mjs';

const EVERY_NTH = 997;

export async function checkBox(words, say) {
  const { values } = parseArgs({
    args: words,
    options: { curves: { type: 'string', default: '3' } },
  });
  const workload = workloadNamed('a-white');
  const [minPeriodDays, maxPeriodDays] = workload.periodsDays;
  const box = await startPeer('box_search', say);
  if (!box) return;
  const curves = [];
  try {
    for (let number = 0; number < Number(values.curves); number++) {
      const request = { minPeriodDays, maxPeriodDays, everyNth: EVERY_NTH, full: true };
      const answer = await box.ask('check', nullCurve(workload, number), request);
      const { correlation, largestDifference, full, twoPass } = answer;
      curves.push({ correlation, largestDifference, full, twoPass });
      say(JSON.stringify(curves.at(-1)));
    }
  } finally {
    box.stop();
  }
  await writeResult('recall-box', { versions: box.versions, everyNth: EVERY_NTH, curves });
}

/** As a sentence for docs/benchmarks.md. */
export function showBox({ everyNth, curves }) {
  const worst = (pick) => Math.max(...curves.map(pick));
  return `The null curves were searched at all periods by a box search that stands for astropy's, which would take a minute for each (\`bench/peers/box_search.py\`, compiled by numba). On ${curves.length} of them, at every ${everyNth}th period, its SNR correlates with astropy's to ${Math.min(...curves.map(({ correlation }) => correlation)).toFixed(5)} and differs by at most ${worst(({ largestDifference }) => largestDifference).toFixed(3)}; its two passes miss the maximum over all periods by at most ${worst(({ full, twoPass }) => Math.abs(full - twoPass)).toFixed(3)}. On the injected curves astropy itself was asked, but only within 1 % of the true period, so that no other period could win: that favours it.\n`;
}
