import { hash, verify } from '@node-rs/argon2';

/**
 * argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet (2024). The
 * library's algorithm is argon2id unless told otherwise. It computes on a thread of libuv's pool,
 * never on the event loop.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password, COST);

let nobodysHash: Promise<string> | undefined;

/**
 * Whether a password fits a hash. `null` is the hash of an account that does not exist: it costs
 * the same time and never fits, so that the answer does not tell which addresses have an account.
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  if (passwordHash !== null) return verify(passwordHash, password);
  nobodysHash ??= hashPassword('nobody');
  await verify(await nobodysHash, password);
  return false;
}
