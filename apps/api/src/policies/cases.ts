import {
  type Action,
  type DecidedBy,
  decidedBy as decidedByContract,
  fromWire,
  type ReviewDecision,
} from '#contracts';
import {
  type Case,
  CONTEXT_NAMES,
  CONTEXT_VERSION,
  contextOf,
  EPHEMERIS_MATCH,
  neverAccepted,
  type VettingTest,
} from '#transit';

/** A candidate as the database has it, with as much as a policy is learnt from. */
export interface DecidedCandidate {
  readonly target: string;
  readonly action: Action;
  /** As the wire shows it; null: older than learnt policies. */
  readonly decidedBy: unknown;
  readonly periodDays: number | null;
  readonly snr: number;
  readonly sde: number;
  readonly probability: number;
  readonly falseAlarmProbability: number | null;
  /** null where `decidedBy` makes it superfluous, or no test was made. */
  readonly vetting: readonly Pick<VettingTest, 'test' | 'value' | 'verdict'>[] | null;
  readonly fitBackend: string | null;
  readonly fitSucceeded: boolean | null;
  /** The newest; null: nobody has looked. */
  readonly review: ReviewDecision | null;
  readonly reviewedAt: Date | null;
}

/** What was written down with the decision; of older candidates, what follows from their columns. */
export function caseOf(candidate: DecidedCandidate): Case {
  const { target, action, review } = candidate;
  const logged = fromWire(decidedByContract, candidate.decidedBy) as DecidedBy | null;
  // Before there were learnt policies, thresholds did what was done.
  const thresholds = logged?.thresholds ?? action;
  const situation =
    logged?.contextVersion === CONTEXT_VERSION
      ? {
          context: CONTEXT_NAMES.map((name) => logged.context[name]),
          mayAccept: logged.mayAccept,
        }
      : {
          context: contextOf(sourceOf(candidate)),
          mayAccept: thresholds === 'accept' || mayAccept(candidate),
        };
  return { target, taken: action, thresholds, review, ...situation };
}

function sourceOf(candidate: DecidedCandidate) {
  return { ...candidate, isSingle: candidate.periodDays === null, vetting: testsOf(candidate) };
}

function mayAccept(candidate: DecidedCandidate): boolean {
  const tests = testsOf(candidate);
  const facts = {
    signal: {
      periodDays: candidate.periodDays ?? NaN,
      transitsObserved: tests.find(({ test }) => test === 'transit_coverage')?.value ?? 0,
    },
    fit: {
      backend: candidate.fitBackend ?? 'none',
      success: candidate.fitSucceeded ?? false,
      message: '',
    },
    vetting: tests.map((test) => ({ ...test, message: test.test })),
  };
  return neverAccepted(facts).length === 0;
}

/** Without what the job's other targets said of it, after the decision. */
const testsOf = ({ vetting }: DecidedCandidate) =>
  (vetting ?? []).filter(({ test }) => test !== EPHEMERIS_MATCH);
