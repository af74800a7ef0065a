import { Injectable } from '@nestjs/common';
import { action, reviewDecision, type SimilarCandidates } from '#contracts';
import { floatsOfBytes } from '#platform/database';
import { PrismaDatabase } from '#platform/prisma';

/** Where a candidate lies among others of the same graph. */
export interface PlacedCandidate {
  readonly id: string;
  readonly target: string;
  readonly embedding: Float32Array;
  /** Of the graph that made it. */
  readonly sha256: string;
}

export type SimilarCandidate = Omit<SimilarCandidates['items'][number], 'similarity'>;

@Injectable()
export class SimilarCandidatesRepository {
  constructor(private readonly database: PrismaDatabase) {}

  /** undefined: the team has no such candidate; null: no model gave it an embedding. */
  async findEmbedding(
    teamId: string,
    candidateId: string,
  ): Promise<PlacedCandidate | null | undefined> {
    const row = await this.database.candidate.findFirst({
      where: { id: candidateId, teamId },
      select: { id: true, target: true, embedding: true, embeddingSha256: true },
    });
    if (!row) return undefined;
    const { id, target, embedding, embeddingSha256: sha256 } = row;
    return embedding && sha256 ? { id, target, embedding: floatsOfBytes(embedding), sha256 } : null;
  }

  /** The others of its team and graph, of other targets, in batches by id. */
  async *embeddingsBeside(
    teamId: string,
    { target, sha256 }: PlacedCandidate,
    batch: number,
  ): AsyncGenerator<{ readonly id: string; readonly embedding: Float32Array }[]> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      // Plain SQL: Prisma makes an object of every row and column before it hands one out.
      const { rows } = await this.database.pool.query<{ id: string; embedding: Buffer }>(
        `SELECT id, embedding FROM candidates
         WHERE team_id = $1 AND embedding_sha256 = $2 AND id > $3 AND target <> $4
         ORDER BY id LIMIT $5`,
        [teamId, sha256, after, target, batch],
      );
      yield rows.map(({ id, embedding }) => ({ id, embedding: floatsOfBytes(embedding) }));
      if (rows.length < batch) return;
      after = rows[rows.length - 1].id;
    }
  }

  /** By id. */
  async listShown(
    teamId: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, SimilarCandidate>> {
    const rows = await this.database.candidate.findMany({
      where: { teamId, id: { in: [...ids] } },
      include: { reviews: { orderBy: { createdAt: 'desc' }, take: 1 } },
    });
    return new Map(
      rows.map((row) => [
        row.id,
        {
          candidateId: row.id,
          jobId: row.jobId,
          target: row.target,
          rank: row.rank,
          periodDays: row.periodDays,
          depthPpm: row.depthPpm,
          durationHours: row.durationHours,
          snr: row.snr,
          probability: row.probability,
          rlAction: action.parse(row.rlAction),
          review: row.reviews.length > 0 ? reviewDecision.parse(row.reviews[0].decision) : null,
        },
      ]),
    );
  }
}
