import { expect, onTestFinished, test, vi } from 'vitest';
import { someMessage } from './conversation-fixtures.ts';
import { createClient } from './create-client.ts';
import { Outbox, type OutboxEvent, type OutboxOptions } from './outbox.ts';
import { createMemoryOutboxStorage, type OutboxStorage } from './outbox-storage.ts';

type Answer = (body: { clientId: string; text: string }) => Response | Promise<Response>;

const refusal = (status: number, code: string, retryable = false) =>
  Response.json({ error: { code, message: 'No.', retryable } }, { status });

/** A server that keeps what it was sent, once for each id; `answer` may get in the way. */
class SmallServer {
  readonly kept: string[] = [];
  readonly asked: string[] = [];
  #answer: Answer | null = null;
  readonly #ids = new Set<string>();

  during(answer: Answer | null): void {
    this.#answer = answer;
  }

  take({ clientId, text }: { clientId: string; text: string }): Response {
    if (!this.#ids.has(clientId)) this.kept.push(text);
    this.#ids.add(clientId);
    const message = someMessage(`m-${clientId}`, { text });
    return Response.json({ message, reply: null, revision: this.kept.length });
  }

  readonly fetch: typeof globalThis.fetch = async (_input, init) => {
    const body = JSON.parse(init?.body as string) as { clientId: string; text: string };
    this.asked.push(body.text);
    return this.#answer ? this.#answer(body) : this.take(body);
  };
}

function openOutbox(server: SmallServer, options: Partial<OutboxOptions> = {}) {
  const outbox = new Outbox({
    client: createClient({ baseUrl: 'http://house', fetch: server.fetch }),
    storage: createMemoryOutboxStorage(),
    now: () => 5,
    firstDelay: 2,
    lastDelay: 8,
    ...options,
  });
  onTestFinished(() => outbox[Symbol.dispose]());
  const events: OutboxEvent[] = [];
  outbox.subscribe((event) => void events.push(event));
  return { outbox, events, post: (text: string, conversationId = 'c1') => outbox.post(message(text, conversationId)) };
}

const message = (text: string, conversationId = 'c1') => ({
  clientId: `k-${text}`,
  conversationId,
  text,
  attachments: [],
});
const offline: Answer = () => {
  throw new TypeError('offline');
};

test('what could not be sent waits and goes in the order it was written, once, when the network is back', async () => {
  const server = new SmallServer();
  const { outbox, events, post } = openOutbox(server, { firstDelay: 60_000 });
  server.during(offline);
  await Promise.all([post('one'), post('two'), post('three')]);
  expect(server.kept).toEqual([]);
  expect(outbox.of('c1').map(({ text, state }) => `${text} ${state}`)).toEqual([
    'one waiting',
    'two waiting',
    'three waiting',
  ]);
  server.during(null);
  outbox.wake();
  await vi.waitFor(() => expect(server.kept).toEqual(['one', 'two', 'three']), { timeout: 20_000 });
  await vi.waitFor(() => expect(outbox.all()).toEqual([]), { timeout: 20_000 });
  expect(events.filter(({ type }) => type === 'message-sent')).toHaveLength(3);
});

test('tries again by itself', async () => {
  const server = new SmallServer();
  const { outbox, post } = openOutbox(server);
  let failures = 3;
  server.during((body) => ((failures -= 1) >= 0 ? offline(body) : server.take(body)));
  await post('patience');
  await vi.waitFor(() => expect(outbox.all()).toEqual([]), { timeout: 20_000 });
  expect(server.asked).toHaveLength(4);
});

test('an answer that is lost makes no second message', async () => {
  const server = new SmallServer();
  const { outbox, post } = openOutbox(server);
  server.during((body) => {
    server.take(body);
    server.during(null);
    return offline(body);
  });
  await post('heard');
  await vi.waitFor(() => expect(outbox.all()).toEqual([]), { timeout: 20_000 });
  expect([server.kept, server.asked]).toEqual([['heard'], ['heard', 'heard']]);
});

test('what is refused stays with its reason and holds nothing up; it can be changed and sent again', async () => {
  const server = new SmallServer();
  const { outbox, post } = openOutbox(server);
  server.during((body) => (body.text === 'bad' ? refusal(400, 'invalid-input') : server.take(body)));
  await Promise.all([post('bad'), post('good')]);
  expect(server.kept).toEqual(['good']);
  expect(outbox.all()).toMatchObject([
    { text: 'bad', state: 'refused', error: { code: 'invalid-input', status: 400 } },
  ]);
  await outbox.post({ ...message('bad'), text: 'better' });
  expect(server.kept).toEqual(['good', 'better']);
  expect(outbox.all()).toEqual([]);
});

test('a reply under way and a lost sign-in are waited for; a conversation that is gone is not', async () => {
  const server = new SmallServer();
  const { outbox, post } = openOutbox(server, { firstDelay: 60_000 });
  for (const [status, code, state] of [
    [409, 'reply-running', 'waiting'],
    [401, 'unauthenticated', 'waiting'],
    [503, 'busy', 'waiting'],
    [404, 'not-found', 'refused'],
  ] as const) {
    server.during(() => refusal(status, code, status === 503));
    await post(code, code);
    expect(outbox.of(code)[0]?.state).toBe(state);
  }
});

test('conversations do not wait for each other', async () => {
  const server = new SmallServer();
  const { post } = openOutbox(server);
  const { promise, resolve } = Promise.withResolvers<Response>();
  server.during((body) => (body.text === 'slow' ? promise : server.take(body)));
  const slow = post('slow', 'c1');
  await post('quick', 'c2');
  expect(server.kept).toEqual(['quick']);
  resolve(server.take(message('slow')));
  await slow;
});

test('what waits is sent by whoever opens the same storage next, and by one of two at a time', async () => {
  const server = new SmallServer();
  const messages = createMemoryOutboxStorage();
  const watchers = new Set<() => void>();
  const changed = () => watchers.forEach((watcher) => watcher());
  const storage: OutboxStorage = {
    list: messages.list,
    put: (one) => messages.put(one).then(changed),
    remove: (id) => messages.remove(id).then(changed),
    watch: (watcher) => (watchers.add(watcher), () => watchers.delete(watcher)),
  };
  let holders = 0;
  let mostHolders = 0;
  let queue = Promise.resolve<unknown>(null);
  const lock: OutboxOptions['lock'] = (_name, work) => {
    const done = queue.then(async () => {
      holders += 1;
      mostHolders = Math.max(mostHolders, holders);
      return work().finally(() => (holders -= 1));
    });
    queue = done.catch(() => undefined);
    return done;
  };
  server.during(offline);
  const first = openOutbox(server, { storage, lock, firstDelay: 60_000 });
  await first.outbox.open();
  await Promise.all([first.post('one'), first.post('two')]);
  first.outbox[Symbol.dispose]();
  server.asked.length = 0;
  server.during(null);
  const next = [openOutbox(server, { storage, lock }), openOutbox(server, { storage, lock })];
  await Promise.all(next.map(({ outbox }) => outbox.open()));
  await vi.waitFor(() => expect(next.flatMap(({ outbox }) => outbox.all())).toEqual([]), { timeout: 20_000 });
  expect(server.asked).toEqual(['one', 'two']);
  expect(mostHolders).toBe(1);
});

test('a device that cannot keep anything still sends', async () => {
  const server = new SmallServer();
  const full = () => Promise.reject(new Error('The disk is full.'));
  const storage: OutboxStorage = { list: async () => [], put: full, remove: full, watch: () => () => undefined };
  const { outbox, post } = openOutbox(server, { storage, lock: (_name, work) => work() });
  await post('all the same');
  expect([server.kept, outbox.all()]).toEqual([['all the same'], []]);
});

test('what is taken back while it waits is not sent', async () => {
  const server = new SmallServer();
  const { outbox, post } = openOutbox(server, { firstDelay: 60_000 });
  server.during(offline);
  await post('never mind');
  await outbox.discard('k-never mind');
  server.during(null);
  outbox.wake();
  await post('this');
  expect(server.kept).toEqual(['this']);
});
