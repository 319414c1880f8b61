import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { API_ROUTES } from './api-routes.ts';
import { createClient, fillPath } from './create-client.ts';

interface Seen {
  url: string;
  init: RequestInit;
}

function answering(answer: () => Response | Promise<Response>) {
  const seen: Seen[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    seen.push({ url: url instanceof Request ? url.url : url.toString(), init: init ?? {} });
    return answer();
  };
  return { seen, client: createClient({ baseUrl: 'http://house', token: 'secret', fetch }) };
}

const me = {
  id: 'u1',
  name: 'Leo',
  username: null,
  role: 'owner',
  locale: 'en',
  hasPassword: false,
  onboarded: true,
  preferences: {},
  sessionId: null,
};

async function failure(work: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('No ApiError came.', { cause: error });
  return error;
}

describe('a call', () => {
  test('carries the token, the filled path, the query and the body', async () => {
    const { client, seen } = answering(() => Response.json({ messages: [], total: 0, hasOlder: false, revision: 0 }));
    await client.call('messages', { params: { id: 'a b' }, query: { before: 'm1', limit: 50, gone: undefined } });
    expect(seen[0]?.url).toBe('http://house/api/conversations/a%20b/messages?before=m1&limit=50');
    expect(seen[0]?.init.headers).toMatchObject({ authorization: 'Bearer secret' });
    expect(seen[0]?.init.body).toBeUndefined();
  });

  test('gives the parsed answer, with defaults filled in', async () => {
    const { client } = answering(() => Response.json(me));
    const answer = await client.call('me');
    expect(answer.preferences).toEqual({
      appearance: 'system',
      textSize: 'medium',
      sendWithEnter: true,
      shortcuts: true,
      hotkeys: {},
      theme: 'flat',
      wordSize: 100,
      measure: 'medium',
      lineHeight: 'medium',
      narrationFace: 'serif',
      autoTitles: true,
      quickReplies: true,
    });
  });

  test('turns the one error shape into an ApiError', async () => {
    const body = { error: { code: 'invalid-input', message: 'No.', retryable: false, field: 'name', id: 'e1' } };
    const { client } = answering(() => Response.json(body, { status: 400 }));
    const error = await failure(client.call('updateMe', { body: { name: '' } }));
    expect(error).toMatchObject({ code: 'invalid-input', status: 400, field: 'name', id: 'e1', message: 'No.' });
  });

  test('tells how long to wait when asked to slow down', async () => {
    const body = { error: { code: 'rate-limited', message: 'Slower.', retryable: true } };
    const { client } = answering(() => Response.json(body, { status: 429, headers: { 'retry-after': '7' } }));
    expect(await failure(client.call('me'))).toMatchObject({ retryable: true, retryAfterInSeconds: 7 });
  });

  test('makes an ApiError of a page of HTML and of an answer of another shape', async () => {
    const proxy = answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect(await failure(proxy.client.call('me'))).toMatchObject({ code: 'unexpected-response', retryable: true });
    const older = answering(() => Response.json({ ...me, role: 'emperor' }));
    expect(await failure(older.client.call('me'))).toMatchObject({ code: 'unexpected-response', retryable: false });
  });

  test('makes an ApiError of silence, but lets an abort through', async () => {
    const silent = answering(() => Promise.reject(new TypeError('fetch failed')));
    expect(await failure(silent.client.call('me'))).toMatchObject({ code: 'unreachable', status: 0, retryable: true });
    const stopped = answering(() => Promise.reject(new DOMException('stopped', 'AbortError')));
    await expect(stopped.client.call('me')).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('every route with a parameter can be filled', () => {
  for (const { path } of Object.values(API_ROUTES)) {
    const names = [...path.matchAll(/:([a-z]+)/gi)].map(([, name]) => name ?? '');
    const filled = fillPath(path, Object.fromEntries(names.map((name) => [name, 'x/y'])));
    expect(filled).not.toContain(':');
    expect(filled.split('/')).toHaveLength(path.split('/').length);
  }
});
