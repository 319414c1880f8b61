import { expect, test, vi } from 'vitest';
import { someConversation, someMessage, somePage, somePath } from './conversation-fixtures.ts';
import { visiblePending } from './conversation-state.ts';
import { ConversationSession } from './conversation-session.ts';
import { createClient } from './create-client.ts';

type Handler = (request: { method: string; body: unknown; url: URL }) => Response | Promise<Response>;

/** A session against a server made of handlers by "METHOD /path"; `tell` sends an event to the open stream. */
function openWith(handlers: Record<string, Handler>) {
  const encoder = new TextEncoder();
  let stream: ReadableStreamDefaultController<Uint8Array> | null = null;
  const tell = (value: unknown) => stream?.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\n\n`));
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.pathname.endsWith('/events')) {
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) });
      return new Response(body);
    }
    const handler = handlers[`${init?.method} ${url.pathname}`];
    if (handler === undefined) throw new Error(`Nobody expected ${init?.method} ${url.pathname}.`);
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    return handler({ method: init?.method ?? '', body, url });
  };
  let id = 0;
  const session = new ConversationSession({
    client: createClient({ baseUrl: 'http://house', fetch }),
    conversationId: 'c1',
    newId: () => `k${(id += 1)}`,
    now: () => 0,
    pageSize: 2,
  });
  session.open();
  return { session, tell };
}

const whole = somePath(5);
const pages: Handler = ({ url }) => {
  const before = url.searchParams.get('before');
  const end = before === null ? whole.length : whole.findIndex(({ id }) => id === before);
  return Response.json(somePage(whole.slice(Math.max(0, end - 2), end), 4));
};
const conversation = (revision: number, leafId: string) => someConversation({ revision, leafId });

test('opens at the end and reads older pages on request, one at a time', async () => {
  const { session } = openWith({ 'GET /api/conversations/c1/messages': pages });
  using _open = session;
  await vi.waitFor(() => expect(session.getState().path.map(({ id }) => id)).toEqual(['h3', 'm4']), {
    timeout: 20_000,
  });
  await Promise.all([session.loadOlder(), session.loadOlder()]);
  expect(session.getState().path.map(({ id }) => id)).toEqual(['h1', 'm2', 'h3', 'm4']);
  await session.loadOlder();
  await session.loadOlder();
  expect(session.getState().path[0]?.id).toBe('m0');
});

test('a send that never reached the server is kept and tried again under the same id', async () => {
  const bodies: unknown[] = [];
  let up = false;
  const message = someMessage('h5', { depth: 5, parentId: 'm4', text: 'Hello' });
  const { session } = openWith({
    'GET /api/conversations/c1/messages': pages,
    'POST /api/conversations/c1/messages': ({ body }) => {
      bodies.push(body);
      if (!up) throw new TypeError('offline');
      return Response.json({ message, reply: null, revision: 5 });
    },
  });
  using _open = session;
  await vi.waitFor(() => expect(session.getState().loaded).toBe(true), { timeout: 20_000 });
  await session.send('Hello');
  const [waiting] = visiblePending(session.getState());
  expect(waiting).toMatchObject({ state: 'waiting', error: { code: 'unreachable' } });
  up = true;
  await session.send('Hello', { clientId: waiting?.clientId ?? '' });
  expect(bodies).toEqual([
    { text: 'Hello', clientId: 'k1' },
    { text: 'Hello', clientId: 'k1' },
  ]);
  expect(visiblePending(session.getState())).toHaveLength(0);
  expect(session.getState().path.at(-1)?.id).toBe('h5');
});

test('reads the end again when another tab moved the path out of sight', async () => {
  let moved = false;
  const other = someMessage('m4b', { depth: 4, parentId: 'h3', siblings: ['m4', 'm4b'] });
  const { session, tell } = openWith({
    'GET /api/conversations/c1/messages': (request) =>
      moved ? Response.json(somePage([...whole.slice(3, 4), other], 5)) : pages(request),
  });
  using _open = session;
  await vi.waitFor(() => expect(session.getState().loaded).toBe(true), { timeout: 20_000 });
  moved = true;
  tell({ type: 'conversation-change', conversation: conversation(5, 'm4b') });
  await vi.waitFor(() => expect(session.getState().path.at(-1)?.id).toBe('m4b'), { timeout: 20_000 });
});

test('an edit whose answer was lost stands where its words were told, and only there', async () => {
  const edited = someMessage('h3b', { depth: 3, parentId: 'm2', siblings: ['h3', 'h3b'], text: 'Other words' });
  const { session, tell } = openWith({
    'GET /api/conversations/c1/messages': pages,
    'POST /api/messages/h3/edit': async () => {
      tell({ type: 'message-commit', message: edited });
      await vi.waitFor(() => expect(session.getState().known.has('h3b')).toBe(true), { timeout: 20_000 });
      throw new TypeError('the connection broke');
    },
  });
  using _open = session;
  await vi.waitFor(() => expect(session.getState().loaded).toBe(true), { timeout: 20_000 });
  const edit = { messageId: 'h3', reply: false };
  await expect(session.edit({ ...edit, text: 'Other words' })).resolves.toBeUndefined();
  await expect(session.edit({ ...edit, text: 'Words that nobody told of' })).rejects.toMatchObject({
    code: 'unreachable',
  });
});

test('what many changes did while the newest page was read is read once more', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const gone = { ...somePath(5)[4], deleted: true, parts: [] };
  let reads = 0;
  const { session, tell } = openWith({
    'GET /api/conversations/c1/messages': async (request) => {
      reads += 1;
      if (reads > 1) return Response.json(somePage([...whole.slice(3, 4), someMessage('m4', gone)], 5));
      await promise;
      return pages(request);
    },
  });
  using _open = session;
  await vi.waitFor(() => expect(reads).toBe(1), { timeout: 20_000 });
  await vi.waitFor(
    () => {
      tell({ type: 'messages-change', change: 'delete', messageIds: ['m4'] });
      expect(session.getState().connection).toBe('live');
    },
    { timeout: 20_000 },
  );
  resolve();
  await vi.waitFor(() => expect(session.getState().path.at(-1)?.deleted).toBe(true), { timeout: 20_000 });
});

test('after a gap in the stream all that is shown is read again, however long it is', async () => {
  const path = somePath(404);
  let renamed = false;
  const limits: number[] = [];
  const { session, tell } = openWith({
    'GET /api/conversations/c1/messages': ({ url }) => {
      const limit = Number(url.searchParams.get('limit'));
      limits.push(limit);
      const before = url.searchParams.get('before');
      const end = before === null ? path.length : path.findIndex(({ id }) => id === before);
      const some = path.slice(Math.max(0, end - limit), end);
      return Response.json(somePage(renamed ? some.map((one) => ({ ...one, hidden: true })) : some, 4));
    },
  });
  using _open = session;
  const snapshot = {
    type: 'conversation-snapshot',
    conversation: conversation(4, 'h403'),
    streaming: [],
    presence: [],
    run: null,
  };
  await vi.waitFor(() => expect(session.getState().loaded).toBe(true), { timeout: 20_000 });
  while (session.getState().path.length < 404) await session.loadOlder();
  tell(snapshot);
  await vi.waitFor(() => expect(session.getState().told).toBe('all'), { timeout: 20_000 });
  limits.length = 0;
  renamed = true;
  tell(snapshot);
  await vi.waitFor(() => expect(session.getState().path.every(({ hidden }) => hidden)).toBe(true), { timeout: 20_000 });
  expect([session.getState().path.length, limits]).toEqual([404, [200, 200, 200]]);
});

test('a conflict is told and what changed is read', async () => {
  let reads = 0;
  const { session } = openWith({
    'GET /api/conversations/c1/messages': (request) => {
      reads += 1;
      return pages(request);
    },
    'POST /api/conversations/c1/replies': () =>
      Response.json({ error: { code: 'conflict', message: 'It moved.', retryable: false } }, { status: 409 }),
  });
  using _open = session;
  await vi.waitFor(() => expect(session.getState().loaded).toBe(true), { timeout: 20_000 });
  await expect(session.startReply('regenerate', 'm4')).rejects.toMatchObject({ code: 'conflict' });
  await vi.waitFor(() => expect(reads).toBe(2), { timeout: 20_000 });
});

test('nothing is told after it was closed', async () => {
  const { session } = openWith({ 'GET /api/conversations/c1/messages': pages });
  const heard = vi.fn<() => void>();
  session.subscribe(heard);
  session[Symbol.dispose]();
  session.discard('k1');
  expect(heard).not.toHaveBeenCalled();
});

test('speaking while a reply is written stops it first', async () => {
  const order: string[] = [];
  const streaming = someMessage('m6', { depth: 6, parentId: 'h5', state: 'streaming', parts: [] });
  const message = someMessage('h7', { depth: 7, parentId: 'm6', text: 'Wait' });
  const { session, tell } = openWith({
    'GET /api/conversations/c1/messages': pages,
    'POST /api/conversations/c1/stop': () => {
      order.push('stop');
      const stopped = { ...streaming, state: 'stopped' };
      setTimeout(() => {
        order.push('end');
        tell({ type: 'reply-end', messageId: 'm6', state: 'stopped', message: stopped });
      }, 5);
      return Response.json({ ok: true });
    },
    'POST /api/conversations/c1/messages': () => {
      order.push('send');
      return Response.json({ message, reply: null, revision: 6 });
    },
  });
  using _open = session;
  await vi.waitFor(() => expect(session.getState().loaded).toBe(true), { timeout: 20_000 });
  tell({ type: 'reply-start', message: streaming });
  await vi.waitFor(() => expect(session.getState().streaming.size).toBe(1), { timeout: 20_000 });
  const sending = session.send('Wait');
  expect(visiblePending(session.getState())).toHaveLength(1);
  await sending;
  expect(order).toEqual(['stop', 'end', 'send']);
});

test('moves of the path go one after the other, each from where the one before led; a path that moved elsewhere is told', async () => {
  const asked: unknown[] = [];
  let revision = 4;
  const { session } = openWith({
    'GET /api/conversations/c1/messages': pages,
    'POST /api/conversations/c1/path': ({ body }) => {
      asked.push(body);
      if (asked.length === 3) {
        return Response.json(
          { error: { code: 'revision-conflict', message: 'It moved.', retryable: false } },
          { status: 409 },
        );
      }
      revision += 1;
      return Response.json({ message: someMessage('m4', { depth: 4, parentId: 'h3' }), reply: null, revision });
    },
  });
  using _open = session;
  await vi.waitFor(() => expect(session.getState().loaded).toBe(true), { timeout: 20_000 });
  await Promise.all([session.choose('m2'), session.choose('m4', { endHere: true })]);
  expect(asked).toEqual([
    { messageId: 'm2', expectedRevision: 4 },
    { messageId: 'm4', expectedRevision: 5, endHere: true },
  ]);
  await expect(session.choose('m2')).rejects.toMatchObject({ code: 'revision-conflict' });
});
