import type { Role } from '#contracts';

/** From the most to the least that a role may do. */
const ORDER: readonly Role[] = ['owner', 'member', 'reviewer'];

export const mayDoMore = (role: Role, than: Role): boolean =>
  ORDER.indexOf(role) < ORDER.indexOf(than);

/** An api key may do what it was made for, and never more than its maker may by now. */
export const lesserOf = (a: Role, b: Role): Role => (mayDoMore(a, b) ? b : a);
