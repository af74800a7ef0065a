import type { Settings } from '#platform/config';

/**
 * Seconds for which a URL takes a file that is awaited until then. No URL outlives what it is for:
 * what came after the clean-up would be nobody's, and stay.
 */
export function lifeOfUrl(
  { PRESIGN_PUT_TTL_SECONDS: usual }: Pick<Settings, 'PRESIGN_PUT_TTL_SECONDS'>,
  until: Date,
): number {
  const left = Math.floor((until.getTime() - Date.now()) / 1000);
  return Math.max(1, Math.min(usual, left));
}
