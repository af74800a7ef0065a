/**
 * Which requests a challenger answers: a share of them, always the same ones. The same subject gets
 * the same answer until the share or the models change.
 */
import { createHash } from 'node:crypto';

/**
 * @param subject what is to stay with one version, such as a target
 * @param salt differs from test to test, so that the same subjects are not always the ones tried on
 * @param share of the subjects that the challenger gets, 0 to 1
 */
export function isForChallenger(subject: string, salt: string, share: number): boolean {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share must be 0 to 1, not ${share}`);
  const digest = createHash('sha256').update(`${salt}\0${subject}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48 < share;
}
