import type { Provenance } from '#contracts';
import type { CandidateRecord, Embedding } from '#transit';

/** A file of the target, as validation left it. */
export interface InputFile {
  readonly filename: string;
  readonly objectKey: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** A candidate as the database takes it; `plots`: name to key, without extension. */
export interface StoredCandidate {
  readonly record: CandidateRecord;
  readonly embedding: Embedding | null;
  readonly provenance: Provenance;
  readonly plots: Readonly<Record<string, string>>;
}
