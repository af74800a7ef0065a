import { z } from 'zod';
import { type Domain, instant, page, request } from './wire.js';

export const role = z.enum(['owner', 'member', 'reviewer']);
export type Role = z.output<typeof role>;

const email = z.email().max(254).toLowerCase();
const password = z
  .string()
  .min(12, 'A password has at least 12 characters')
  .max(256)
  .describe('12 to 256 characters');

export const register = request(
  z.strictObject({
    team_name: z.string().trim().min(1).max(100),
    email,
    password,
  }),
);
export type Register = z.output<typeof register>;

export const user = z.object({ id: z.uuid(), email: z.string(), role });
export type User = Domain<z.output<typeof user>>;
export const team = z.object({ id: z.uuid(), name: z.string() });

export const registered = z.object({ team, user });
export type Registered = Domain<z.output<typeof registered>>;

export const login = request(z.strictObject({ email, password: z.string().min(1).max(256) }));
export type Login = z.output<typeof login>;

export const refresh = request(z.strictObject({ refresh_token: z.string().min(1).max(512) }));
export type Refresh = z.output<typeof refresh>;

export const tokens = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int().describe('Seconds until the access token expires'),
  refresh_token: z.string().describe('Good for one use'),
});
export type Tokens = Domain<z.output<typeof tokens>>;

export const me = z.object({ user, team });
export type Me = Domain<z.output<typeof me>>;

export const createApiKey = request(
  z.strictObject({
    name: z.string().trim().min(1).max(100),
    role: role
      .optional()
      .describe("What the key may do, at most what its maker may; without it, the maker's role"),
  }),
);
export type CreateApiKey = z.output<typeof createApiKey>;

export const apiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  role,
  prefix: z.string().describe('First characters of the key, to recognise it by'),
  created_at: instant(),
  last_used_at: instant().nullable(),
});
export type ApiKey = Domain<z.output<typeof apiKey>>;
export const apiKeys = page(apiKey);

export const createdApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  role,
  key: z.string().describe('Shown once, stored only as a hash'),
});
export type CreatedApiKey = Domain<z.output<typeof createdApiKey>>;

/** Members of the team: an owner adds and removes them. */
export const addMember = request(z.strictObject({ email, password, role }));
export type AddMember = z.output<typeof addMember>;
export const changeRole = request(z.strictObject({ role }));
export type ChangeRole = z.output<typeof changeRole>;
export const members = page(user);
