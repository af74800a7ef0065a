import { plotName } from '#contracts';
import type { Lease } from '#platform/jobs';
import { mostRounds } from '#transit';
import { attemptFolder, plotKey, reportKey, reportModelKey, roundKey } from './detection-keys.js';

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
