/**
 * What several models say together: the mean of their probabilities, and how many of them would
 * have said the same alone.
 */

export interface ClassProbabilities {
  readonly labels: readonly string[];
  /** By label; they sum to 1. */
  readonly probabilities: ArrayLike<number>;
}

export interface EnsemblePrediction {
  readonly className: string;
  readonly confidence: number;
  /** By label of the first member. */
  readonly probabilities: Float64Array;
  /** Share of the members whose own class is the ensemble's. */
  readonly agreement: number;
}

/**
 * @param members at least one, all with the same labels in any order
 * @throws {RangeError} where there are none, or their labels differ
 */
export function ensembleOf(members: readonly ClassProbabilities[]): EnsemblePrediction {
  if (members.length === 0) throw new RangeError('members must not be empty');
  const { labels } = members[0];
  const mean = new Float64Array(labels.length);
  for (const member of members) {
    if (member.labels.length !== labels.length) throw new RangeError(differ(labels, member.labels));
    for (const [k, label] of labels.entries()) {
      const at = member.labels.indexOf(label);
      if (at < 0) throw new RangeError(differ(labels, member.labels));
      mean[k] += member.probabilities[at] / members.length;
    }
  }
  const best = indexOfMost(mean);
  const agreeing = members.filter(
    (member) => member.labels[indexOfMost(member.probabilities)] === labels[best],
  );
  return {
    className: labels[best],
    confidence: mean[best],
    probabilities: mean,
    agreement: agreeing.length / members.length,
  };
}

/** Of equals the first. */
export function indexOfMost(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

const differ = (a: readonly string[], b: readonly string[]) =>
  `members must have the same labels, not ${a.join(', ')} and ${b.join(', ')}`;
