import type { Policy } from '#contracts';

type Evaluation = Policy['evaluation'];

export interface PolicyRow {
  readonly who: string;
  /** Mean reward of a candidate with its interval. */
  readonly worth: string;
  /** Of each action: the candidates reviewed as planet, as false positive, as neither. */
  readonly would: readonly { readonly action: string; readonly text: string }[];
}

/** The policies that were judged, beside each other: the learnt one, thresholds, the active one. */
export function policyRows({ name, evaluation }: Policy): PolicyRow[] {
  const { learnt, thresholds, active, against } = evaluation;
  return [
    rowOf(name, learnt),
    rowOf('thresholds', thresholds),
    ...(active ? [rowOf(against, active)] : []),
  ];
}

function rowOf(who: string, { doublyRobust, would }: Evaluation['learnt']): PolicyRow {
  return {
    who,
    worth: withInterval(doublyRobust),
    would: would.map(({ action, planet, falsePositive, unsure }) => ({
      action,
      text: [planet, falsePositive, unsure].map((count) => count.toFixed(0)).join(' / '),
    })),
  };
}

/** What a switch would bring, in a sentence. */
export function differenceSentence({ evaluation }: Policy): string {
  const { difference, against, reviews, effectiveSampleSize } = evaluation;
  const count = reviews.planet + reviews.falsePositive + reviews.unsure;
  return `A candidate is worth ${withInterval(difference)} more than with ${against}, by ${count} reviews that say as much as ${effectiveSampleSize.toFixed(0)} of a random sample.`;
}

const withInterval = ({ value, low, high }: Evaluation['difference']) =>
  `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
