import { createParser } from 'eventsource-parser';
import { conversationEventSchema } from '../contract/conversations.ts';
import type { ConversationEvent } from '../contract/conversations.ts';
import { ApiError, parseJson } from './api-error.ts';
import { API_ADDRESSES } from './api-routes.ts';
import { fillPath } from './create-client.ts';
import type { ApiClient } from './create-client.ts';

/**
 * `connecting` until the first event of a connection, `live` after it, `waiting` between attempts.
 * After every `waiting` the server's next event is a snapshot again.
 */
export type ConnectionState = 'connecting' | 'live' | 'waiting';

export type WatchPart =
  | { type: 'connection-change'; state: ConnectionState; error: ApiError | null }
  | { type: 'event'; event: ConversationEvent };

export interface WatchOptions {
  client: ApiClient;
  conversationId: string;
  signal: AbortSignal;
  /** Registers a function that ends a wait between attempts at once (back online, page shown again). */
  onWake?: (wake: () => void) => () => void;
  /** Between attempts, in ms: doubled from the first to the last, with up to 25 % taken off at random. */
  firstDelay?: number;
  lastDelay?: number;
  /** Silence after which a connection counts as dead, in ms; heartbeats come every 15 s. */
  silence?: number;
  random?: () => number;
  /** Epoch ms. */
  now?: () => number;
}

/** After a wake a connection that said nothing for so many ms, more than a heartbeat, died while the device slept. */
const ASLEEP = 20_000;

/**
 * Follows a conversation until the signal aborts, reconnecting with back-off. Throws `ApiError` when trying again is
 * pointless: signed out (401), not ours (403), gone (404).
 */
export async function* watchConversation(options: WatchOptions): AsyncGenerator<WatchPart, void, undefined> {
  const { signal, firstDelay = 500, lastDelay = 10_000, random = Math.random } = options;
  let failures = 0;
  while (!signal.aborted) {
    yield { type: 'connection-change', state: 'connecting', error: null };
    let failure: unknown = null;
    let live = false;
    try {
      for await (const event of readEvents(options)) {
        if (!live) yield { type: 'connection-change', state: 'live', error: null };
        live = true;
        failures = 0;
        yield { type: 'event', event };
      }
    } catch (error) {
      failure = error;
    }
    if (signal.aborted) return;
    if (failure instanceof ApiError && [401, 403, 404].includes(failure.status)) throw failure;
    failures += 1;
    yield {
      type: 'connection-change',
      state: 'waiting',
      error: failure instanceof ApiError ? failure : null,
    };
    const delay = Math.min(lastDelay, firstDelay * 2 ** (failures - 1)) * (1 - random() / 4);
    await pause(delay, options);
  }
}

async function* readEvents(options: WatchOptions): AsyncGenerator<ConversationEvent, void, undefined> {
  const { client, conversationId, signal, silence = 40_000, onWake, now = Date.now } = options;
  const connection = new AbortController();
  const abort = () => connection.abort();
  signal.addEventListener('abort', abort, { once: true });
  let timer = setTimeout(abort, silence);
  let heardAt = now();
  const stopListening = onWake?.(() => {
    if (now() - heardAt > ASLEEP) abort();
  });
  try {
    const path = fillPath(API_ADDRESSES.conversationEvents, { id: conversationId });
    const response = await client.open(path, { signal: connection.signal, accept: 'text/event-stream' });
    const arrived: ConversationEvent[] = [];
    const parser = createParser({
      onEvent: ({ data }) => {
        const parsed = conversationEventSchema.safeParse(parseJson(data));
        // A newer server may send events this version does not know; skipping them is safe.
        if (parsed.success) arrived.push(parsed.data);
      },
    });
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    connection.signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined), { once: true });
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return;
      clearTimeout(timer);
      timer = setTimeout(abort, silence);
      heardAt = now();
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      yield* arrived.splice(0);
    }
  } finally {
    clearTimeout(timer);
    stopListening?.();
    signal.removeEventListener('abort', abort);
    connection.abort();
  }
}

async function pause(delay: number, { signal, onWake }: WatchOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, delay);
  const stopListening = onWake?.(resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  stopListening?.();
}
