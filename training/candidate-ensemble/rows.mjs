/**
 * The table that candidate-ensemble is trained on: simulated stars through the whole pipeline, and of
 * each candidate what the network says of its views and what the vetting says.
 *
 *   node training/candidate-ensemble/rows.mjs --seed 105 --stars 3000 --out candidates.csv
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { candidateModels, FolderRegistry } from '#inference';
import { networkLogOdds } from '#inference/candidates';
import { detect, formulaClassifier } from '#transit';
import { kindOf } from '../transit-cnn/examples.mjs';
import { starOf } from '../transit-cnn/stars.mjs';

const PARAMS = { maxPlanets: 3, sensitivity: 'never' };
const COLUMNS = ['star', 'disposition', 'kind', 'network_log_odds'];

/** One row a candidate, by column. */
export function candidatesOf(models, seed, number) {
  const star = starOf(seed, number);
  const seen = [];
  const classifier = ({ views, features }) => {
    seen.push({ network_log_odds: networkLogOdds(models, views), ...features });
    return formulaClassifier({ features });
  };
  const { candidates, detrended } = detect(star.segments, PARAMS, () => {}, { classifier });
  // One without a dip is not asked about.
  return candidates
    .filter(({ signal }) => signal.depthPpm > 0)
    .map(({ signal }, i) => {
      const kind = kindOf(star, signal, detrended);
      const disposition = kind === 'planet' ? 'planet' : 'false_positive';
      return { star: number, disposition, kind, ...seen[i] };
    });
}

async function main() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '105' },
      stars: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const [seed, stars] = [values.seed, values.stars].map(Number);
  if (!(seed >= 0 && stars > 0 && values.out)) throw new RangeError('--stars and --out are needed');
  const models = await candidateModels(await new FolderRegistry('models').list());
  const rows = [];
  for (let number = 0; number < stars; number++) {
    rows.push(...candidatesOf(models, seed, number));
    if ((number + 1) % 100 === 0) {
      process.stderr.write(`${number + 1} stars, ${rows.length} candidates\n`);
    }
  }
  const columns = Object.keys({ ...Object.fromEntries(COLUMNS.map((name) => [name])), ...rows[0] });
  const lines = rows.map((row) => columns.map((name) => row[name]).join(','));
  const facts = `# transit-cnn simulated stars, seed ${seed}, numbers 0 to ${stars - 1}`;
  writeFileSync(values.out, `${[facts, columns.join(','), ...lines].join('\n')}\n`);
}

await main();
