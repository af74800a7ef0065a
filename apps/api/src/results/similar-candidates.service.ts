import { Injectable } from '@nestjs/common';
import type { ChooseSimilar, SimilarCandidates } from '#contracts';
import { NotFoundError } from '../http/http.errors.js';
import { NoEmbeddingError } from './results.errors.js';
import { SimilarCandidatesRepository } from './similar-candidates.repository.js';

/** Embeddings compared between two turns of the event loop: a millisecond's work. */
const BATCH = 2000;

interface Similar {
  readonly id: string;
  readonly similarity: number;
}

/**
 * Candidates whose folded curves look alike, by the cosine of their embeddings. Every other one of the
 * team is compared, in batches: exact, and in a time that grows with their number.
 */
@Injectable()
export class SimilarCandidatesService {
  constructor(private readonly candidates: SimilarCandidatesRepository) {}

  async find(
    teamId: string,
    candidateId: string,
    { limit, leastSimilarity }: ChooseSimilar,
  ): Promise<SimilarCandidates> {
    const own = await this.candidates.findEmbedding(teamId, candidateId);
    if (own === undefined) throw new NotFoundError('candidate', candidateId);
    if (own === null) throw new NoEmbeddingError(candidateId);
    let compared = 0;
    let best: Similar[] = [];
    for await (const batch of this.candidates.embeddingsBeside(teamId, own, BATCH)) {
      compared += batch.length;
      const near = batch
        .map(({ id, embedding }) => ({ id, similarity: dot(own.embedding, embedding) }))
        .filter(({ similarity }) => similarity >= leastSimilarity);
      best = [...best, ...near].sort(mostSimilarFirst).slice(0, limit);
    }
    const shown = await this.candidates.listShown(
      teamId,
      best.map(({ id }) => id),
    );
    // One that was deleted meanwhile is left out.
    const items = best.flatMap(({ id, similarity }) => {
      const candidate = shown.get(id);
      return candidate ? [{ ...candidate, similarity }] : [];
    });
    return { candidateId, compared, items };
  }
}

const mostSimilarFirst = (a: Similar, b: Similar) =>
  b.similarity - a.similarity || (a.id < b.id ? -1 : 1);

/** Of vectors of length 1: the cosine. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
