import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInMember,
  aLoggedInTeam,
  call,
  PASSWORD,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';
import { Authenticator } from './authenticator.js';

describe('accounts', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
  });
  afterAll(() => api.close());

  const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    call(api, 'POST', path, { body, headers });
  const login = (email: string, password = PASSWORD) =>
    post('/api/v1/auth/login', { email, password });
  const meWith = (token: string) =>
    call(api, 'GET', '/api/v1/auth/me', { headers: { authorization: `Bearer ${token}` } });

  it('C.13 registers a team, logs its owner in and says who that is', async () => {
    const email = `${randomUUID()}@Example.ORG`;
    const registered = await post('/api/v1/auth/register', {
      team_name: '  Kepler fans ',
      email,
      password: PASSWORD,
    });
    expect(registered.status).toBe(201);
    expect(registered.body).toEqual({
      team: { id: expect.any(String), name: 'Kepler fans' },
      user: { id: expect.any(String), email: email.toLowerCase(), role: 'owner' },
    });
    const { status, body } = await login(email.toUpperCase());
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
    });
    expect((await meWith(body.access_token)).body).toEqual(registered.body);
  });

  it('C.13 keeps neither passwords nor tokens', async () => {
    const team = await aLoggedInTeam(api);
    const user = await api.database.user.findUniqueOrThrow({ where: { id: team.userId } });
    expect(user.passwordHash).toMatch(/^\$argon2id\$/);
    const tokens = await api.database.refreshToken.findMany({ where: { userId: team.userId } });
    expect(JSON.stringify(tokens)).not.toContain(team.refreshToken);
  });

  it('refuses an address that is taken, also when both come at once', async () => {
    const body = { team_name: 'Two', email: `${randomUUID()}@example.org`, password: PASSWORD };
    const answers = await Promise.all([1, 2].map(() => post('/api/v1/auth/register', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.type).toBe('/problems/email-taken');
    expect(await api.database.team.count({ where: { users: { none: {} } } })).toBe(0);
  });

  it('tells the same of a wrong password and of an unknown address', async () => {
    const { email } = await aLoggedInTeam(api);
    const wrong = await login(email, 'not the password');
    const unknown = await login(`${randomUUID()}@example.org`);
    expect(wrong.status).toBe(401);
    expect(wrong.body.type).toBe('/problems/invalid-credentials');
    expect(unknown.body).toEqual(wrong.body);
  });

  it.each([
    [{ team_name: 'A', email: 'not an address', password: PASSWORD }, '#/email'],
    [{ team_name: 'A', email: 'a@example.org', password: 'short' }, '#/password'],
    [{ team_name: ' ', email: 'a@example.org', password: PASSWORD }, '#/team_name'],
    [{ team_name: 'A', email: 'a@example.org', password: PASSWORD, role: 'owner' }, '#/role'],
    [{ email: 'a@example.org', password: PASSWORD }, '#/team_name'],
  ])('B.38 names the field that is wrong: %j', async (body, pointer) => {
    const answer = await post('/api/v1/auth/register', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      pointer,
    ]);
  });

  describe('a refresh token', () => {
    const refresh = (token: string) => post('/api/v1/auth/refresh', { refresh_token: token });

    it('C.13 is good for one use, and gives the next', async () => {
      const team = await aLoggedInTeam(api);
      const first = await refresh(team.refreshToken);
      expect(first.status).toBe(200);
      expect(first.body.refresh_token).not.toBe(team.refreshToken);
      expect((await meWith(first.body.access_token)).status).toBe(200);
      expect((await refresh(first.body.refresh_token)).status).toBe(200);
    });

    it('C.13 used twice ends the session, for the thief and for the owner', async () => {
      const team = await aLoggedInTeam(api);
      const { body: next } = await refresh(team.refreshToken);
      const again = await refresh(team.refreshToken);
      expect(again.status).toBe(401);
      expect(again.body.type).toBe('/problems/invalid-refresh-token');
      expect((await refresh(next.refresh_token)).status).toBe(401);
      expect((await meWith(next.access_token)).status).toBe(401);
      expect((await login(team.email)).status).toBe(200);
    });

    it('used twice at once is rotated once at most', async () => {
      const team = await aLoggedInTeam(api);
      const answers = await Promise.all([1, 2, 3].map(() => refresh(team.refreshToken)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('that has expired or is unknown is refused', async () => {
      const team = await aLoggedInTeam(api);
      await api.database.refreshToken.updateMany({
        where: { userId: team.userId },
        data: { expiresAt: new Date(Date.now() - 1000) },
      });
      expect((await refresh(team.refreshToken)).body.detail).toContain('expired');
      expect((await refresh('made-up')).status).toBe(401);
    });
  });

  it('C.13 logs out: both tokens of this login end, other logins stay', async () => {
    const team = await aLoggedInTeam(api);
    const { body: other } = await login(team.email);
    expect((await team.post('/api/v1/auth/logout')).status).toBe(204);
    expect((await team.get('/api/v1/auth/me')).status).toBe(401);
    const refreshed = await post('/api/v1/auth/refresh', { refresh_token: team.refreshToken });
    expect(refreshed.status).toBe(401);
    expect((await meWith(other.access_token)).status).toBe(200);
  });

  it('C.13 logs out for good also while the session is being refreshed', async () => {
    const team = await aLoggedInTeam(api);
    // Keeps the rotation open between taking the old token and storing the next.
    await api.database.pool.query(`
      CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END';
      CREATE TRIGGER linger BEFORE INSERT ON refresh_tokens
        FOR EACH ROW EXECUTE FUNCTION linger()`);
    const refreshing = post('/api/v1/auth/refresh', { refresh_token: team.refreshToken });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await team.post('/api/v1/auth/logout')).status).toBe(204);
    await api.database.pool.query('DROP FUNCTION linger CASCADE');
    const { body: next } = await refreshing;
    expect((await meWith(next.access_token)).status).toBe(401);
    const again = await post('/api/v1/auth/refresh', { refresh_token: next.refresh_token });
    expect(again.status).toBe(401);
  });

  it.each([
    ['U+0000', 'a\0b'],
    ['half a surrogate pair', 'a\ud800b'],
  ])('refuses %s in a text, and names the field', async (_, name) => {
    const team = await aLoggedInTeam(api);
    const email = `${randomUUID()}@example.org`;
    const answers = [
      await post('/api/v1/auth/register', { team_name: name, email, password: PASSWORD }),
      await team.post('/api/v1/upload/start', {
        name: 'x',
        files: [{ filename: `${name}.csv`, size_bytes: 10 }],
      }),
    ];
    expect(answers.map(({ status, body }) => [status, body.errors?.[0].pointer])).toEqual([
      [422, '#/team_name'],
      [422, '#/files/0/filename'],
    ]);
    const query = await team.get(`/api/v1/candidates?target=a%00b`);
    expect(query.status).toBe(422);
  });

  describe('an access token', () => {
    const claims = { sid: randomUUID() };
    const rules = { issuer: 'lightfold', audience: 'lightfold-api', subject: randomUUID() };
    const signed = (payload: object, options: object) =>
      api.app.get(JwtService).sign(payload, options);

    it('is needed, and must be ours, alive and of a user we know', async () => {
      const team = await aLoggedInTeam(api);
      const sid = JSON.parse(
        Buffer.from(team.accessToken.split('.')[1], 'base64url').toString(),
      ).sid;
      const mine = { ...rules, subject: team.userId };
      expect((await meWith(signed({ sid }, { ...mine, expiresIn: 60 }))).status).toBe(200);

      const none = await call(api, 'GET', '/api/v1/auth/me');
      expect(none.status).toBe(401);
      expect(none.headers.get('www-authenticate')).toBe('Bearer');
      expect(none.headers.get('content-type')).toContain('application/problem+json');
      const refused = {
        garbage: 'garbage',
        anotherSecret: signed({ sid }, { ...mine, secret: 'x'.repeat(32) }),
        expired: signed({ sid }, { ...mine, expiresIn: -1 }),
        anotherAudience: signed({ sid }, { ...mine, audience: 'somebody' }),
        anotherAlgorithm: signed({ sid }, { ...mine, algorithm: 'HS512' }),
        unsigned: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${team.accessToken.split('.')[1]}.`,
        unknownUser: signed(claims, { ...rules, expiresIn: 60 }),
        anothersSession: signed({ sid }, { ...rules, expiresIn: 60 }),
        withoutSession: signed({}, { ...mine, expiresIn: 60 }),
      };
      for (const [name, token] of Object.entries(refused)) {
        expect((await meWith(token)).status, name).toBe(401);
      }
      expect((await meWith(refused.expired)).body.detail).toContain('expired');
    });

    it('is not taken from the address of an ordinary route', async () => {
      const team = await aLoggedInTeam(api);
      const path = `/api/v1/auth/me?access_token=${team.accessToken}`;
      expect((await call(api, 'GET', path)).status).toBe(401);
    });

    it('admits a WebSocket by the same rules', async () => {
      const authenticator = api.app.get(Authenticator);
      const team = await aLoggedInTeam(api);
      expect(await authenticator.authenticate(team.accessToken)).toMatchObject({
        userId: team.userId,
        teamId: team.teamId,
        role: 'owner',
      });
      expect(await authenticator.authenticate('garbage')).toBeNull();
      await team.post('/api/v1/auth/logout');
      expect(await authenticator.authenticate(team.accessToken)).toBeNull();
    });
  });

  describe('an api key', () => {
    it('B.38 is shown once, works in its header and as a bearer, and ends when deleted', async () => {
      const team = await aLoggedInTeam(api);
      const made = await team.post('/api/v1/auth/api-keys', { name: 'laptop', role: 'member' });
      expect(made.status).toBe(201);
      expect(made.body).toEqual({
        id: expect.any(String),
        name: 'laptop',
        role: 'member',
        key: expect.stringMatching(/^lf_[\w-]{43}$/),
      });
      const withKey = () =>
        call(api, 'GET', '/api/v1/auth/me', { headers: { 'x-api-key': made.body.key } });
      expect((await withKey()).status).toBe(200);
      expect((await meWith(made.body.key)).status).toBe(200);
      expect(await api.app.get(Authenticator).authenticate(made.body.key)).toMatchObject({
        apiKeyId: made.body.id,
        role: 'member',
      });

      const { body: listed } = await team.get('/api/v1/auth/api-keys');
      expect(listed.items).toEqual([
        {
          id: made.body.id,
          name: 'laptop',
          role: 'member',
          prefix: made.body.key.slice(0, 10),
          created_at: expect.any(String),
          last_used_at: expect.any(String),
        },
      ]);
      expect((await team.delete(`/api/v1/auth/api-keys/${made.body.id}`)).status).toBe(204);
      expect((await withKey()).status).toBe(401);
      expect((await team.get('/api/v1/auth/api-keys')).body.items).toEqual([]);
      expect((await team.delete(`/api/v1/auth/api-keys/${made.body.id}`)).status).toBe(404);
    });

    it('is deleted by `?id=`, too', async () => {
      const team = await aLoggedInTeam(api);
      const { body } = await team.post('/api/v1/auth/api-keys', { name: 'a' });
      expect((await team.delete(`/api/v1/auth/api-keys?id=${body.id}`)).status).toBe(204);
      expect((await meWith(body.key)).status).toBe(401);
    });

    it('may do no more than its maker, at any time', async () => {
      const team = await aLoggedInTeam(api);
      const member = await aLoggedInMember(api, team, 'member');
      const tooHigh = await member.post('/api/v1/auth/api-keys', { name: 'a', role: 'owner' });
      expect(tooHigh.status).toBe(403);
      expect(tooHigh.body.type).toBe('/problems/role-too-high');
      const { body: key } = await member.post('/api/v1/auth/api-keys', { name: 'a' });
      expect(key.role).toBe('member');
      await team.patch(`/api/v1/team/members/${member.userId}`, { role: 'reviewer' });
      expect(await api.app.get(Authenticator).authenticate(key.key)).toMatchObject({
        role: 'reviewer',
      });
    });

    it('is nobody else’s: neither to see nor to delete, but for an owner', async () => {
      const team = await aLoggedInTeam(api);
      const member = await aLoggedInMember(api, team, 'member');
      const other = await aLoggedInMember(api, team, 'member');
      const stranger = await aLoggedInTeam(api);
      const { body: key } = await member.post('/api/v1/auth/api-keys', { name: 'a' });
      for (const client of [other, stranger]) {
        expect((await client.get('/api/v1/auth/api-keys')).body.items).toEqual([]);
        expect((await client.delete(`/api/v1/auth/api-keys/${key.id}`)).status).toBe(404);
      }
      expect((await team.get('/api/v1/auth/api-keys')).body.items).toHaveLength(1);
      expect((await team.delete(`/api/v1/auth/api-keys/${key.id}`)).status).toBe(204);
    });

    it('cannot be logged out', async () => {
      const team = await aLoggedInTeam(api);
      const { body: key } = await team.post('/api/v1/auth/api-keys', { name: 'a' });
      const answer = await post('/api/v1/auth/logout', undefined, { 'x-api-key': key.key });
      expect(answer.status).toBe(409);
      expect(answer.body.type).toBe('/problems/no-session');
    });

    it('lists page by page', async () => {
      const team = await aLoggedInTeam(api);
      for (const name of ['a', 'b', 'c']) await team.post('/api/v1/auth/api-keys', { name });
      const { body: first } = await team.get('/api/v1/auth/api-keys?limit=2');
      expect(first.items.map((key: { name: string }) => key.name)).toEqual(['c', 'b']);
      const { body: last } = await team.get(
        `/api/v1/auth/api-keys?limit=2&cursor=${first.next_cursor}`,
      );
      expect(last.items.map((key: { name: string }) => key.name)).toEqual(['a']);
      expect(last.next_cursor).toBeNull();
    });
  });

  describe('members', () => {
    it('are added, listed, given another role and removed by an owner', async () => {
      const team = await aLoggedInTeam(api);
      const member = await aLoggedInMember(api, team, 'member');
      const { body: key } = await member.post('/api/v1/auth/api-keys', { name: 'a' });
      const { body: listed } = await member.get('/api/v1/team/members');
      expect(listed.items).toEqual([
        { id: member.userId, email: member.email, role: 'member' },
        { id: team.userId, email: team.email, role: 'owner' },
      ]);
      const changed = await team.patch(`/api/v1/team/members/${member.userId}`, {
        role: 'reviewer',
      });
      expect(changed.body).toEqual({ id: member.userId, email: member.email, role: 'reviewer' });
      expect((await member.get('/api/v1/auth/me')).body.user.role).toBe('reviewer');

      expect((await team.delete(`/api/v1/team/members/${member.userId}`)).status).toBe(204);
      expect((await member.get('/api/v1/auth/me')).status).toBe(401);
      expect((await meWith(key.key)).status).toBe(401);
      expect((await login(member.email)).status).toBe(401);
      const again = { email: member.email, password: PASSWORD, role: 'member' };
      expect((await team.post('/api/v1/team/members', again)).status).toBe(201);
    });

    it.each(['member', 'reviewer'] as const)('cannot be managed by a %s', async (role) => {
      const team = await aLoggedInTeam(api);
      const member = await aLoggedInMember(api, team, role);
      const path = `/api/v1/team/members/${team.userId}`;
      const added = { email: `${randomUUID()}@example.org`, password: PASSWORD, role: 'owner' };
      const answers = [
        await member.post('/api/v1/team/members', added),
        await member.patch(path, { role: 'reviewer' }),
        await member.delete(path),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
      expect(answers[0].body.type).toBe('/problems/forbidden');
    });

    it('keep an owner, also when two owners remove each other at once', async () => {
      const team = await aLoggedInTeam(api);
      const path = (id: string) => `/api/v1/team/members/${id}`;
      const last = await team.delete(path(team.userId));
      expect(last.status).toBe(409);
      expect(last.body.type).toBe('/problems/last-owner');
      expect((await team.patch(path(team.userId), { role: 'member' })).status).toBe(409);

      const second = await aLoggedInMember(api, team, 'owner');
      const answers = await Promise.all([
        team.delete(path(second.userId)),
        second.delete(path(team.userId)),
      ]);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      expect(
        await api.database.user.count({
          where: { teamId: team.teamId, role: 'owner', removedAt: null },
        }),
      ).toBe(1);
    });

    it('of another team are not found', async () => {
      const team = await aLoggedInTeam(api);
      const stranger = await aLoggedInTeam(api);
      const path = `/api/v1/team/members/${stranger.userId}`;
      expect((await team.patch(path, { role: 'reviewer' })).status).toBe(404);
      expect((await team.delete(path)).status).toBe(404);
      expect((await stranger.get('/api/v1/auth/me')).body.user.role).toBe('owner');
    });
  });
});
