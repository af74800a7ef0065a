import { plotName } from '#contracts';
import type { Lease } from '#platform/jobs';
import { mostRounds } from '#transit';

/** Folder of what one attempt at a target stores: attempts never write over each other. */
export const attemptFolder = (teamId: string, lease: Lease): string =>
  `teams/${teamId}/jobs/${lease.jobId}/${lease.taskId}/${lease.attempt}`;

export const reportKey = (folder: string) => `${folder}/report.pdf`;
export const reportModelKey = (folder: string) => `${folder}/report-model.json`;

/** Without extension: there is an `.svg` and a `.png` of each. */
export const plotKey = (folder: string, rank: number, name: string) => `${folder}/${rank}-${name}`;

/** Points of a round of the search, while others may help with it. */
export const roundKey = (folder: string, round: number) => `${folder}/round-${round}`;

/**
 * Everything that the attempts before this one may have stored: a worker that was killed could not
 * say what it left. Names of objects that were never made are no fault.
 */
export function keysOfEarlierAttempts(teamId: string, lease: Lease, maxPlanets: number): string[] {
  const keys: string[] = [];
  for (let attempt = 1; attempt < lease.attempt; attempt++) {
    const folder = attemptFolder(teamId, { ...lease, attempt });
    keys.push(reportKey(folder), reportModelKey(folder));
    for (let round = 0; round < mostRounds(maxPlanets); round++) keys.push(roundKey(folder, round));
    for (let rank = 1; rank <= maxPlanets; rank++) {
      for (const name of plotName.options) {
        const key = plotKey(folder, rank, name);
        keys.push(`${key}.svg`, `${key}.png`);
      }
    }
  }
  return keys;
}
