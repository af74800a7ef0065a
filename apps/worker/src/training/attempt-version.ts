import { createHash } from 'node:crypto';
import type { Lease } from '#platform/jobs';
import { modelFileKey } from '#platform/models';
import { versionObjects } from './version-objects.js';

/**
 * Id of the version that one attempt makes: attempts never write over each other, and what a killed
 * one left in the store is found by its number. A UUID of version 8 (RFC 9562, section 5.8).
 */
export function attemptVersionId({ taskId, attempt }: Pick<Lease, 'taskId' | 'attempt'>): string {
  const hash = createHash('sha256').update(`${taskId}/${attempt}`).digest('hex');
  const variant = '89ab'[parseInt(hash[16], 16) % 4];
  const hex = `${hash.slice(0, 12)}8${hash.slice(13, 16)}${variant}${hash.slice(17, 32)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Everything that the attempts before this one may have stored. */
export function keysOfEarlierVersions(lease: Pick<Lease, 'taskId' | 'attempt'>): string[] {
  const keys: string[] = [];
  for (let attempt = 1; attempt < lease.attempt; attempt++) {
    const versionId = attemptVersionId({ ...lease, attempt });
    keys.push(...versionObjects().map((file) => modelFileKey(versionId, file)));
  }
  return keys;
}
