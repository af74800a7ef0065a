export { hashPassword, verifyPassword } from './passwords.js';
export { type RateLimit, RateLimiter, type RateVerdict } from './rate-limiter.js';
export { RateLimitsModule } from './rate-limits.module.js';
export { API_KEY_PREFIX, hashSecret, newSecret } from './secrets.js';
