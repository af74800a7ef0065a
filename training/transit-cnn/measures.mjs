/**
 * How good probabilities are. `rows` are { isPlanet, probability, star }, the probability that of a
 * planet.
 */
import { seededRandom } from '#transit';

/** Area under the receiver operating characteristic: the share of pairs in order, ties half. */
export function auc(rows) {
  const sorted = rows.slice().sort((a, b) => a.probability - b.probability);
  let rankSum = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to].probability === sorted[from].probability) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (sorted[i].isPlanet) rankSum += rank;
    from = to;
  }
  const planets = count(rows);
  return (rankSum - (planets * (planets + 1)) / 2) / (planets * (rows.length - planets));
}

const count = (rows) => rows.reduce((sum, { isPlanet }) => sum + Number(isPlanet), 0);

/** 95 % interval of a measure: whole stars are drawn anew, 1,000 times. */
export function bootstrap(rows, measure, draws = 1000) {
  const random = seededRandom(1);
  const stars = [...Map.groupBy(rows, ({ star }) => star).values()];
  const values = [];
  for (let k = 0; k < draws; k++) {
    const drawn = stars.flatMap(() => stars[random.integer(stars.length)]);
    const value = measure(drawn);
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (share) => values[Math.min(values.length - 1, Math.floor(share * values.length))];
  return [at(0.025), at(0.975)];
}

/** 95 % interval of a share (Wilson 1927). */
export function shareInterval(hits, of) {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const share = hits / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const wide =
    (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return [Math.max(0, middle - wide), Math.min(1, middle + wide)];
}

/** From the most to the least probable: { threshold, recall, precision, falseRate } after each row. */
export function curveOf(rows) {
  const sorted = rows.slice().sort((a, b) => b.probability - a.probability);
  const planets = count(rows);
  let found = 0;
  return sorted.map(({ isPlanet, probability }, i) => {
    found += Number(isPlanet);
    return {
      threshold: probability,
      recall: found / planets,
      precision: found / (i + 1),
      falseRate: (i + 1 - found) / (rows.length - planets),
    };
  });
}

/** Area under precision over recall, as a sum of steps (average precision). */
export function averagePrecision(rows) {
  let last = 0;
  return curveOf(rows).reduce((sum, { recall, precision }) => {
    const step = (recall - last) * precision;
    last = recall;
    return sum + step;
  }, 0);
}

export const recallAtPrecision = (rows, least) =>
  curveOf(rows).reduce((best, { recall, precision }) => (precision >= least ? recall : best), 0);

export function atThreshold(rows, threshold) {
  let [hits, misses, alarms] = [0, 0, 0];
  for (const { isPlanet, probability } of rows) {
    const isCalled = probability >= threshold;
    if (isPlanet && isCalled) hits++;
    else if (isPlanet) misses++;
    else if (isCalled) alarms++;
  }
  const precision = hits / (hits + alarms);
  const recall = hits / (hits + misses);
  return {
    accuracy: 1 - (misses + alarms) / rows.length,
    precision,
    recall,
    f1_score: (2 * precision * recall) / (precision + recall),
  };
}

export const brier = (rows) =>
  rows.reduce((sum, { isPlanet, probability }) => sum + (probability - isPlanet) ** 2, 0) /
  rows.length;

export const logLoss = (rows) =>
  -rows.reduce((sum, { isPlanet, probability: p }) => {
    return sum + Math.log(Math.max(1e-12, isPlanet ? p : 1 - p));
  }, 0) / rows.length;

/** Ten bins of equal width: mean probability, share of planets with its 95 % interval, rows. */
export function reliability(rows, bins = 10) {
  return Array.from({ length: bins }, (_, b) => {
    const own = rows.filter(({ probability }) => {
      return Math.min(bins - 1, Math.floor(probability * bins)) === b;
    });
    const planets = count(own);
    const mean = own.reduce((sum, { probability }) => sum + probability, 0) / own.length;
    const [low, high] = shareInterval(planets, own.length);
    return { rows: own.length, mean, share: planets / own.length, low, high };
  }).filter((bin) => bin.rows > 0);
}

/** Expected calibration error: the mean distance of share and probability over those bins. */
export const calibrationError = (rows) =>
  reliability(rows).reduce((sum, bin) => sum + bin.rows * Math.abs(bin.share - bin.mean), 0) /
  rows.length;

/** The probability after softmax(ln p / temperature) of two classes. */
export function atTemperature(probability, other, temperature) {
  const difference = (Math.log(other) - Math.log(probability)) / temperature;
  return 1 / (1 + Math.exp(difference));
}

/** Temperature of the least log loss, by golden section in its logarithm (Guo et al. 2017). */
export function bestTemperature(rows) {
  const loss = (logarithm) => {
    const temperature = Math.exp(logarithm);
    return logLoss(
      rows.map(({ isPlanet, probability, other }) => ({
        isPlanet,
        probability: atTemperature(probability, other, temperature),
      })),
    );
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.2), Math.log(5)];
  while (high - low > 1e-5) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (loss(left) < loss(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}
