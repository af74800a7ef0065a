export { type FrozenPolicy, frozenPolicy, readPolicy } from './frozen-policy.js';
