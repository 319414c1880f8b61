import { describe, expect, test } from 'vitest';
import { someConversation } from './conversation-fixtures.ts';
import { createClient } from './create-client.ts';
import { watchConversation } from './watch-conversation.ts';
import type { WatchPart } from './watch-conversation.ts';

const snapshot = { type: 'conversation-snapshot', conversation: someConversation(), streaming: [] };
const line = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

/** A server whose every connection answers with the next of these. */
function connections(...answers: (() => Response)[]) {
  let count = 0;
  const fetch: typeof globalThis.fetch = async () => {
    const answer = answers[Math.min(count, answers.length - 1)];
    count += 1;
    if (answer === undefined) throw new TypeError('no server');
    return answer();
  };
  return { client: createClient({ baseUrl: '', fetch }), count: () => count };
}

function streamOf(...chunks: (string | Uint8Array)[]): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
  return new Response(body);
}

async function collect(
  client: ReturnType<typeof createClient>,
  until: (parts: WatchPart[]) => boolean,
): Promise<WatchPart[]> {
  const stop = new AbortController();
  const parts: WatchPart[] = [];
  for await (const part of watchConversation({
    client,
    conversationId: 'c1',
    signal: stop.signal,
    firstDelay: 1,
    lastDelay: 2,
  })) {
    parts.push(part);
    if (until(parts)) stop.abort();
  }
  return parts;
}
const events = (parts: WatchPart[]) => parts.flatMap((part) => (part.type === 'event' ? [part.event.type] : []));

describe('watching', () => {
  test('reads events split anywhere, also inside a character, and skips what it does not know', async () => {
    const bytes = new TextEncoder().encode(line({ type: 'text-delta', messageId: 'm1', text: '燕子' }));
    const { client } = connections(() =>
      streamOf(
        `${line(snapshot)}: heartbeat\n\n${line({ type: 'from-the-future' })}data: not json\n\n`,
        ...Array.from(bytes, (byte) => Uint8Array.of(byte)),
      ),
    );
    const parts = await collect(client, (seen) => events(seen).length === 2);
    expect(parts.at(-1)).toMatchObject({ event: { type: 'text-delta', text: '燕子' } });
    expect(parts[1]).toMatchObject({ type: 'connection-change', state: 'live' });
  });

  test('comes back after the stream ends, after an error and after silence', async () => {
    const { client, count } = connections(
      () => streamOf(line(snapshot)),
      () => new Response('no', { status: 500 }),
      () => {
        throw new TypeError('offline');
      },
      () => streamOf(line(snapshot)),
    );
    const parts = await collect(client, (seen) => events(seen).length === 2);
    expect(count()).toBe(4);
    const waits = parts.filter((part) => part.type === 'connection-change' && part.state === 'waiting');
    expect(waits).toHaveLength(3);
    expect(waits[2]).toMatchObject({ error: { code: 'unreachable' } });
  });

  test('gives up where trying again is pointless', async () => {
    const { client, count } = connections(() =>
      Response.json({ error: { code: 'not-found', message: 'Gone.', retryable: false } }, { status: 404 }),
    );
    await expect(collect(client, () => false)).rejects.toMatchObject({ code: 'not-found' });
    expect(count()).toBe(1);
  });

  test('leaves a connection that has gone silent', async () => {
    const silent = () => new Response(new ReadableStream<Uint8Array>());
    const { client, count } = connections(silent, () => streamOf(line(snapshot)));
    const stop = new AbortController();
    const options = { client, conversationId: 'c1', signal: stop.signal, firstDelay: 1, silence: 5 };
    for await (const part of watchConversation(options)) if (part.type === 'event') stop.abort();
    expect(count()).toBe(2);
  });

  test('a wake ends the wait at once', async () => {
    const { client } = connections(
      () => streamOf(),
      () => streamOf(line(snapshot)),
    );
    const stop = new AbortController();
    const onWake = (wake: () => void) => {
      queueMicrotask(wake);
      return () => undefined;
    };
    const options = {
      client,
      conversationId: 'c1',
      signal: stop.signal,
      firstDelay: 3_600_000,
      lastDelay: 3_600_000,
      onWake,
    };
    const seen: string[] = [];
    for await (const part of watchConversation(options)) {
      seen.push(part.type);
      if (part.type === 'event') stop.abort();
    }
    expect(seen).toContain('event');
  });

  test('after a wake a connection that was silent longer than a heartbeat is opened anew', async () => {
    let time = 0;
    let wake: () => void = () => undefined;
    const encoder = new TextEncoder();
    const silent = () =>
      new Response(
        new ReadableStream<Uint8Array>({ start: (stream) => stream.enqueue(encoder.encode(line(snapshot))) }),
      );
    const { client, count } = connections(silent);
    const stop = new AbortController();
    const onWake = (listener: () => void) => ((wake = listener), () => undefined);
    const watching = {
      client,
      conversationId: 'c1',
      signal: stop.signal,
      firstDelay: 1,
      lastDelay: 2,
      now: () => time,
    };
    for await (const part of watchConversation({ ...watching, onWake })) {
      if (part.type !== 'event') continue;
      if (count() === 2) stop.abort();
      // A short look away changes nothing; a long sleep does.
      wake();
      expect(count()).toBeLessThanOrEqual(2);
      time = 30_000;
      queueMicrotask(() => wake());
    }
    expect(count()).toBe(2);
  });
});
