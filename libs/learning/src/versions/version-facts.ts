import type { TrainedModel } from '../train.js';

/** What is to be said of a version besides what its training found. */
export interface VersionFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly datasetVersion: string;
  readonly task: 'classification' | 'regression';
  readonly targetColumn: string;
  readonly seed: number;
  /** Which makes the version again. */
  readonly command: string;
  /** Of this platform. */
  readonly codeVersion: string;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
  /** Pictures that lie beside the card, by their addresses from there. @default none */
  readonly plots?: readonly CardPlot[];
}

export interface CardPlot {
  readonly title: string;
  readonly address: string;
}

export interface TrainedSchema {
  readonly name: string;
  readonly trained: TrainedModel;
}
