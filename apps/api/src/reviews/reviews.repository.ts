import { Injectable } from '@nestjs/common';
import type { CreateReview, Review } from '#contracts';
import { PrismaDatabase, type Review as ReviewRow } from '#platform/prisma';
import { newestFirst } from '../http/cursor.js';

/** What belongs to a review for it to be shown. */
export const withReviewer = {
  include: { user: { select: { email: true } } },
  orderBy: newestFirst,
} as const;

@Injectable()
export class ReviewsRepository {
  constructor(private readonly database: PrismaDatabase) {}

  async candidateIsInTeam(teamId: string, candidateId: string): Promise<boolean> {
    return (await this.database.candidate.count({ where: { id: candidateId, teamId } })) > 0;
  }

  async create(
    teamId: string,
    userId: string,
    candidateId: string,
    { decision, note }: CreateReview,
  ): Promise<Review> {
    const row = await this.database.review.create({
      data: { teamId, userId, candidateId, decision, note: note ?? null },
      include: withReviewer.include,
    });
    return reviewOf(row);
  }

  /** All of them: people write reviews, one at a time. */
  async listOfCandidate(teamId: string, candidateId: string): Promise<Review[]> {
    const rows = await this.database.review.findMany({
      where: { teamId, candidateId },
      ...withReviewer,
    });
    return rows.map(reviewOf);
  }
}

export function reviewOf(row: ReviewRow & { readonly user: { readonly email: string } }): Review {
  return {
    id: row.id,
    decision: row.decision as Review['decision'],
    note: row.note,
    reviewer: row.user.email,
    createdAt: row.createdAt,
  };
}
