import { createHash, randomBytes } from 'node:crypto';

/** Begins every api key, so that one can be told from an access token, and found in a leak. */
export const API_KEY_PREFIX = 'lf_';

/** 256 random bits in 43 characters that need no escaping. */
export const newSecret = (prefix = ''): string => prefix + randomBytes(32).toString('base64url');

/** What is stored of a secret. It is random, so a fast hash without salt hides it. */
export const hashSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex');
