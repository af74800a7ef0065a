import type { InputSchema } from '#contracts';
import type { Drift } from '../drift.js';
import type { VersionFiles } from '../registry/version-files.js';

/** What a version says of one input. */
export interface Answer {
  readonly version: VersionFiles;
  /** The input schema that took it, with the SHA-256 of the graph. */
  readonly schema: InputSchema;
  readonly output: ClassAnswer | ValueAnswer;
  /** null where the model gives none. */
  readonly embedding: Float32Array | null;
  /** What of the input the model has hardly seen in training. */
  readonly drift: readonly Drift[];
}

export interface ClassAnswer {
  readonly className: string;
  readonly confidence: number;
  readonly labels: readonly string[];
  /** By label. */
  readonly probabilities: Float64Array;
}

export interface ValueAnswer {
  readonly value: number;
}

export interface Prediction extends Answer {
  /** Which side of a test of two versions answered; `named`: the request chose the version. */
  readonly variant: 'champion' | 'challenger' | 'named';
  /** The version that was meant, where it cannot be loaded and an earlier one answers. */
  readonly insteadOf: string | null;
  /** What the challenger says beside it, where one runs in the shadow; never rejects. */
  readonly shadow: Promise<Answer | null> | null;
}
