import { Injectable } from '@nestjs/common';
import { Logger } from '#platform/telemetry';
import { matchEphemerides } from '#transit';
import { EphemerisMatchesRepository } from './ephemeris-matches.repository.js';

/** The one vetting test that needs all targets of a job: made when the last of them is done. */
@Injectable()
export class EphemerisMatches {
  constructor(
    private readonly candidates: EphemerisMatchesRepository,
    private readonly logger: Logger,
  ) {}

  /** Does nothing for a job that is not done, and nothing twice. */
  async apply(jobId: string): Promise<void> {
    const matches = matchEphemerides(await this.candidates.listCandidates(jobId));
    let added = 0;
    for (const match of matches) if (await this.candidates.add(match)) added++;
    if (added > 0) this.logger.info({ jobId, candidates: added }, 'Ephemeris matches found');
  }
}
