import { Injectable } from '@nestjs/common';
import type { CreateReview, Review } from '#contracts';
import type { Caller } from '../http/access.js';
import { NotFoundError } from '../http/http.errors.js';
import { ReviewsRepository } from './reviews.repository.js';

@Injectable()
export class ReviewsService {
  constructor(private readonly reviews: ReviewsRepository) {}

  /** Reviews are never changed: who thinks anew writes another, and the newest counts. */
  async add(caller: Caller, candidateId: string, review: CreateReview): Promise<Review> {
    await this.refuseUnknown(caller.teamId, candidateId);
    return this.reviews.create(caller.teamId, caller.userId, candidateId, review);
  }

  async list(teamId: string, candidateId: string): Promise<Review[]> {
    await this.refuseUnknown(teamId, candidateId);
    return this.reviews.listOfCandidate(teamId, candidateId);
  }

  private async refuseUnknown(teamId: string, candidateId: string): Promise<void> {
    if (!(await this.reviews.candidateIsInTeam(teamId, candidateId))) {
      throw new NotFoundError('candidate', candidateId);
    }
  }
}
