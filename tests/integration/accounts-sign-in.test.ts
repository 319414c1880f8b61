import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, cookieOf, openTestHouse, tokenOf, type TestHouse } from './http-house.ts';

let house: TestHouse;

beforeAll(async () => {
  house = await openTestHouse({ limits: { signInPerName: 1000, signInPerAddress: 1000, signUpPerAddress: 1000 } });
});

afterAll(() => house[Symbol.asyncDispose]());

const me = (cookie: string) => house.app.inject({ url: '/api/me', headers: { cookie } });

async function openLink(): Promise<string> {
  const response = await house.asTerminal({ method: 'POST', url: '/api/house/open-link' });
  return tokenOf(response.json<{ url: string }>().url);
}

const useLink = (token: string) => house.app.inject({ method: 'POST', url: '/api/sign-in/link', payload: { token } });

describe('the first start', () => {
  test('makes an owner without name or password, whom the terminal speaks for', async () => {
    const response = await house.asTerminal({ url: '/api/me' });
    expect(response.json()).toMatchObject({
      id: house.accounts.terminalActor.userId,
      name: '',
      username: null,
      role: 'owner',
      hasPassword: false,
      onboarded: false,
      sessionId: null,
      preferences: { appearance: 'system', sendWithEnter: true },
    });
  });

  test('lets nobody in who brings nothing', async () => {
    for (const request of [
      house.app.inject({ url: '/api/me' }),
      house.app.inject({ url: '/api/me', headers: { cookie: 'everwith=1; other=2' } }),
      house.app.inject({ url: '/api/me', headers: { authorization: 'Bearer nonsense' } }),
      house.app.inject({ url: '/api/me', headers: { authorization: 'Basic b3duZXI6' } }),
      house.app.inject({ method: 'POST', url: '/api/house/open-link' }),
    ]) {
      expect((await request).statusCode).toBe(401);
    }
  });
});

describe('a one-time link', () => {
  test('signs a browser in once; the cookie is closed to scripts and other sites', async () => {
    const token = await openLink();
    const first = await useLink(token);
    expect(first.statusCode).toBe(200);
    expect(first.json()).toMatchObject({ role: 'owner', sessionId: expect.any(String) });
    expect(first.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect((await me(cookieOf(first))).statusCode).toBe(200);
    const second = await useLink(token);
    expect(second.statusCode).toBe(401);
    expect(second.json()).toMatchObject({ error: { code: 'link-invalid' } });
    expect(second.cookies).toEqual([]);
  });

  test('lets in exactly one of fifty that use it at the same time', async () => {
    const token = await openLink();
    const statuses = (await Promise.all(Array.from({ length: 50 }, () => useLink(token)))).map(
      (response) => response.statusCode,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(49);
  });

  test('is worth nothing after ten minutes', async () => {
    const token = await openLink();
    house.clock.advance(10 * 60_000 + 1);
    expect((await useLink(token)).statusCode).toBe(401);
  });

  test('names the address the house was reached at, and keeps its token out of requests', async () => {
    const response = await house.asTerminal({
      method: 'POST',
      url: '/api/me/links',
      headers: { host: '127.0.0.1:4567' },
    });
    expect(response.json<{ url: string }>().url).toMatch(/^http:\/\/127\.0\.0\.1:4567\/enter#[\w-]{43}$/);
  });

  test('of an invitation does not sign anybody in', async () => {
    const invited = await house.asTerminal({ method: 'POST', url: '/api/house/invitations', payload: {} });
    expect((await useLink(tokenOf(invited.json<{ url: string }>().url))).statusCode).toBe(401);
  });
});

describe('a session', () => {
  test('whose cookie was changed is none', async () => {
    const cookie = await house.openBrowser();
    expect((await me(cookie)).statusCode).toBe(200);
    expect((await me(cookie.slice(0, -8) + 'AAAAAA%3D')).statusCode).toBe(401);
  });

  test('ends when it is signed out, and the cookie goes', async () => {
    const cookie = await house.openBrowser();
    const out = await house.app.inject({ method: 'POST', url: '/api/sign-out', headers: { cookie } });
    expect(out.json()).toEqual({ ok: true });
    expect(out.cookies.find(({ name }) => cookie.startsWith(name))).toMatchObject({ value: '', maxAge: 0 });
    expect((await me(cookie)).statusCode).toBe(401);
  });

  test('can be seen and ended from another browser, at once', async () => {
    const [here, there] = [await house.openBrowser(), await house.openBrowser()];
    const list = async () =>
      (await house.app.inject({ url: '/api/me/sessions', headers: { cookie: here } })).json<{
        sessions: { id: string; current: boolean }[];
      }>().sessions;
    const thereId = (await me(there)).json<{ sessionId: string }>().sessionId;
    const hereId = (await me(here)).json<{ sessionId: string }>().sessionId;
    expect((await list()).filter(({ current }) => current)).toMatchObject([{ id: hereId }]);
    expect((await list()).map(({ id }) => id)).toContain(thereId);
    const ended = await house.app.inject({
      method: 'DELETE',
      url: `/api/me/sessions/${thereId}`,
      headers: { cookie: here },
    });
    expect(ended.statusCode).toBe(200);
    expect((await me(there)).statusCode).toBe(401);
    expect((await me(here)).statusCode).toBe(200);
    const again = await house.app.inject({
      method: 'DELETE',
      url: `/api/me/sessions/${thereId}`,
      headers: { cookie: here },
    });
    expect(again.statusCode).toBe(404);
  });
});

describe('the end of a session', () => {
  const expireAt = async (cookie: string, expiresAt: number) => {
    const { sessionId } = (await me(cookie)).json<{ sessionId: string }>();
    const { db } = house.test.storage;
    await db
      .updateTable('session')
      .set({ expiresAt: new Date(expiresAt).toISOString() })
      .where('id', '=', sessionId)
      .execute();
    return sessionId;
  };
  const DAY_IN_MS = 24 * 3600_000;

  test('moves on with use, and the cookie with it', async () => {
    const cookie = await house.openBrowser();
    expect((await me(cookie)).cookies).toEqual([]);
    await expireAt(cookie, Date.now() + 30 * DAY_IN_MS);
    const used = await me(cookie);
    expect(cookieOf(used)).toBe(cookie);
    expect(used.cookies[0]?.maxAge).toBeGreaterThan(59 * 24 * 3600);
    const { sessions } = (await house.app.inject({ url: '/api/me/sessions', headers: { cookie } })).json();
    const current = sessions.find((session: { current: boolean }) => session.current);
    expect(current.expiresAt).toBeGreaterThan(Date.now() + 59 * DAY_IN_MS);
  });

  test('locks out, and the session goes from the list', async () => {
    const [cookie, other] = [await house.openBrowser(), await house.openBrowser()];
    const sessionId = await expireAt(cookie, Date.now() - 1000);
    expect((await me(cookie)).statusCode).toBe(401);
    expect((await house.app.inject({ url: '/api/me/sessions', headers: { cookie: other } })).body).not.toContain(
      sessionId,
    );
  });
});

describe('a password', () => {
  test('is set by its owner, ends other sessions, and must be known to be changed', async () => {
    await using own = await openTestHouse({ limits: { signInPerName: 1000 } });
    const [here, there] = [await own.openBrowser(), await own.openBrowser()];
    const set = (payload: object, cookie = here) =>
      own.app.inject({ method: 'POST', url: '/api/me/password', payload, headers: { cookie } });
    const door = async () => (await own.app.inject({ url: '/api/door' })).json();
    expect(await door()).toEqual({ signUp: 'invitation', hasPasswords: false, invitationValid: null });
    expect((await set({ username: 'Ada', password: PASSWORD })).json()).toMatchObject({
      username: 'ada',
      hasPassword: true,
    });
    expect(await door()).toMatchObject({ hasPasswords: true });
    expect((await own.app.inject({ url: '/api/me', headers: { cookie: there } })).statusCode).toBe(401);

    const wrong = await set({ username: 'ada', password: 'another one entirely', currentPassword: 'guess' });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json()).toMatchObject({ error: { code: 'wrong-password', field: 'currentPassword' } });
    expect((await set({ username: 'ada', password: 'another one entirely' })).statusCode).toBe(400);
    const right = await set({ username: 'ada', password: 'another one entirely', currentPassword: PASSWORD });
    expect(right.statusCode).toBe(200);

    const signIn = (password: string) =>
      own.app.inject({ method: 'POST', url: '/api/sign-in/password', payload: { username: 'ADA', password } });
    expect((await signIn(PASSWORD)).statusCode).toBe(401);
    const inside = await signIn('another one entirely');
    expect(inside.json()).toMatchObject({ username: 'ada', role: 'owner' });
    expect((await own.app.inject({ url: '/api/me', headers: { cookie: cookieOf(inside) } })).statusCode).toBe(200);
  });

  test('of the owner can be set anew at the terminal', async () => {
    await using own = await openTestHouse();
    for (const password of [PASSWORD, 'forgot the first one']) {
      const payload = { username: 'owner', password };
      expect((await own.asTerminal({ method: 'POST', url: '/api/me/password', payload })).statusCode).toBe(200);
    }
    expect(await own.accounts.ownerHasPassword()).toBe(true);
  });

  test('that is wrong and a name that is unknown look the same', async () => {
    await house.invite('grace');
    const attempt = async (username: string) =>
      (
        await house.app.inject({
          method: 'POST',
          url: '/api/sign-in/password',
          payload: { username, password: 'wrong' },
        })
      ).json();
    expect(await attempt('grace')).toEqual(await attempt('nobody-here'));
  });

  test('that is too short names its field', async () => {
    const response = await house.asTerminal({
      method: 'POST',
      url: '/api/me/password',
      payload: { username: 'me', password: 'short' },
    });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: { field: 'password' } });
  });
});

describe('somebody new', () => {
  const signUp = (payload: object) => house.app.inject({ method: 'POST', url: '/api/sign-up', payload });
  const invite = async () => {
    const response = await house.asTerminal({
      method: 'POST',
      url: '/api/house/invitations',
      payload: { note: 'for a friend' },
    });
    return response.json<{ id: string; url: string; note: string }>();
  };

  test('needs an invitation, which works once', async () => {
    const person = { name: 'Lin', username: 'lin', password: PASSWORD };
    expect((await signUp(person)).json()).toMatchObject({ error: { code: 'invitation-invalid', field: 'invitation' } });
    const { url, note, id } = await invite();
    expect(note).toBe('for a friend');
    expect(url).toContain('/join#');
    const invitation = tokenOf(url);
    const look = async () => (await house.app.inject({ url: `/api/door?invitation=${invitation}` })).json();
    expect(await look()).toMatchObject({ invitationValid: true });
    const joined = await signUp({ ...person, invitation });
    expect(joined.json()).toMatchObject({ name: 'Lin', username: 'lin', role: 'member', hasPassword: true });
    expect(await look()).toMatchObject({ invitationValid: false });
    expect((await signUp({ ...person, username: 'lin2', invitation })).statusCode).toBe(403);
    const { invitations } = (await house.asTerminal({ url: '/api/house/invitations' })).json();
    expect(invitations.find((entry: { id: string }) => entry.id === id)).toMatchObject({ usedAt: expect.any(Number) });
  });

  test('cannot take a name that is taken, and keeps the invitation then', async () => {
    await house.invite('taken');
    const invitation = tokenOf((await invite()).url);
    const clash = await signUp({ name: 'Other', username: 'TAKEN', password: PASSWORD, invitation });
    expect(clash.statusCode).toBe(409);
    expect(clash.json()).toMatchObject({ error: { code: 'username-taken', field: 'username' } });
    expect((await signUp({ name: 'Other', username: 'not-taken', password: PASSWORD, invitation })).statusCode).toBe(
      200,
    );
  });

  test('gets one account of ten that ask for the same name at once', async () => {
    await house.asTerminal({ method: 'PATCH', url: '/api/house/settings', payload: { signUp: 'open' } });
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => signUp({ name: 'Twin', username: 'twin', password: PASSWORD })),
    );
    await house.asTerminal({ method: 'PATCH', url: '/api/house/settings', payload: { signUp: 'invitation' } });
    const statuses = responses.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(9);
  });

  test('of ten with one invitation, one comes in', async () => {
    const invitation = tokenOf((await invite()).url);
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        signUp({ name: 'Many', username: `many${index}`, password: PASSWORD, invitation }),
      ),
    );
    expect(responses.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    const { users } = (await house.asTerminal({ url: '/api/house/users' })).json();
    expect(users.filter((user: { name: string }) => user.name === 'Many')).toHaveLength(1);
  });

  test('is not taken in where sign-up is off, or with an invitation that is old or taken back', async () => {
    const [old, takenBack] = [await invite(), await invite()];
    const gone = await house.asTerminal({ method: 'DELETE', url: `/api/house/invitations/${takenBack.id}` });
    expect(gone.statusCode).toBe(200);
    expect(
      (await signUp({ name: 'A', username: 'aa', password: PASSWORD, invitation: tokenOf(takenBack.url) })).statusCode,
    ).toBe(403);
    house.clock.advance(7 * 24 * 3600_000 + 1);
    expect(
      (await signUp({ name: 'A', username: 'aa', password: PASSWORD, invitation: tokenOf(old.url) })).statusCode,
    ).toBe(403);
    await house.asTerminal({ method: 'PATCH', url: '/api/house/settings', payload: { signUp: 'off' } });
    const off = await signUp({
      name: 'A',
      username: 'aa',
      password: PASSWORD,
      invitation: tokenOf((await invite()).url),
    });
    expect(off.json()).toMatchObject({ error: { code: 'sign-up-off' } });
    await house.asTerminal({ method: 'PATCH', url: '/api/house/settings', payload: { signUp: 'invitation' } });
  });
});

describe('preferences', () => {
  test('change key by key and stay; unknown ones are refused', async () => {
    const cookie = await house.openBrowser();
    const change = (payload: object) =>
      house.app.inject({ method: 'PATCH', url: '/api/me', payload, headers: { cookie } });
    await change({ name: 'Ada', locale: 'zh-CN', onboarded: true, preferences: { appearance: 'dark' } });
    await change({ preferences: { textSize: 'large' } });
    expect((await me(cookie)).json()).toMatchObject({
      name: 'Ada',
      locale: 'zh-CN',
      onboarded: true,
      preferences: { appearance: 'dark', textSize: 'large', sendWithEnter: true, shortcuts: true, hotkeys: {} },
    });
    const refused = await change({ preferences: { colour: 'red' } });
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ error: { field: 'preferences.colour' } });
  });
});
