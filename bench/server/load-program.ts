/**
 * The clients, in a process of their own so that they do not hold up what they measure. Does what `load.ts` asks, one
 * order after the other, and answers each with one message.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request, type IncomingMessage } from 'node:http';
import type { LoadOrder, LoadAnswer, LoadTarget } from './load.ts';

const agent = new Agent({ keepAlive: true });

/** One open event stream of a conversation. */
interface Listener {
  /** Tokens received. */
  tokens: number;
  firstTokenAt: number | null;
  lastTokenAt: number | null;
  ready: PromiseWithResolvers<void>;
  end: PromiseWithResolvers<void>;
  close: () => void;
}

function post({ address, token }: LoadTarget, conversationId: string): Promise<void> {
  const body = JSON.stringify({ text: 'Tell me more.', clientId: randomUUID() });
  return new Promise((resolve, reject) => {
    const call = request(
      `${address}/api/conversations/${conversationId}/messages`,
      { agent, method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`A message was answered with ${response.statusCode}.`));
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

function listen({ address, token }: LoadTarget, conversationId: string): Listener {
  const listener: Listener = {
    tokens: 0,
    firstTokenAt: null,
    lastTokenAt: null,
    ready: Promise.withResolvers(),
    end: Promise.withResolvers(),
    close: () => call.destroy(),
  };
  const call = request(
    `${address}/api/conversations/${conversationId}/events`,
    { headers: { authorization: `Bearer ${token}` } },
    (response) => read(response, listener),
  );
  call.on('error', (error) => listener.ready.reject(error));
  call.end();
  return listener;
}

function read(response: IncomingMessage, listener: Listener): void {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line, listener);
  });
  response.on('error', () => undefined);
}

function take(line: string, listener: Listener): void {
  if (line.startsWith('data: {"type":"text-delta"')) {
    listener.tokens += 1;
    listener.lastTokenAt = performance.now();
    listener.firstTokenAt ??= listener.lastTokenAt;
  } else if (line.startsWith('data: {"type":"conversation-snapshot"')) {
    listener.ready.resolve();
  } else if (line.startsWith('data: {"type":"reply-end"')) {
    listener.end.resolve();
  }
}

async function measureFirstTokens(target: LoadTarget, count: number): Promise<LoadAnswer> {
  const [conversationId = ''] = target.conversationIds;
  const latencies: number[] = [];
  const listener = listen(target, conversationId);
  await listener.ready.promise;
  for (let index = 0; index < count; index += 1) {
    listener.firstTokenAt = null;
    listener.end = Promise.withResolvers();
    const startedAt = performance.now();
    await Promise.all([post(target, conversationId), listener.end.promise]);
    latencies.push((listener.firstTokenAt ?? Number.NaN) - startedAt);
  }
  listener.close();
  return { type: 'first-tokens', latenciesInMs: latencies };
}

let open: { target: LoadTarget; listeners: Listener[] } | undefined;

async function openStreams(target: LoadTarget): Promise<LoadAnswer> {
  const listeners = target.conversationIds.map((id) => listen(target, id));
  open = { target, listeners };
  await Promise.all(listeners.map((listener) => listener.ready.promise));
  return { type: 'streams-open' };
}

/** How far the streams are: in tokens, each. */
function isPast(tokens: number, which: 'every' | 'some'): boolean {
  return open !== undefined && open.listeners[which]((listener) => listener.tokens >= tokens);
}

async function untilPast(tokens: number, which: 'every' | 'some'): Promise<LoadAnswer> {
  while (!isPast(tokens, which)) await new Promise((resolve) => setTimeout(resolve, 5));
  return { type: 'streams-past', tokens: (open?.listeners ?? []).reduce((sum, listener) => sum + listener.tokens, 0) };
}

async function startStreams(): Promise<LoadAnswer> {
  if (!open) throw new Error('No streams are open.');
  const { target } = open;
  await Promise.all(target.conversationIds.map((id) => post(target, id)));
  return { type: 'streams-started' };
}

async function endStreams(): Promise<LoadAnswer> {
  const listeners = open?.listeners ?? [];
  await Promise.all(listeners.map((listener) => listener.end.promise));
  return {
    type: 'streams-ended',
    streams: listeners.map(({ tokens, firstTokenAt, lastTokenAt }) => ({
      tokens,
      writingInMs: (lastTokenAt ?? 0) - (firstTokenAt ?? 0),
    })),
  };
}

function closeStreams(): LoadAnswer {
  for (const listener of open?.listeners ?? []) listener.close();
  open = undefined;
  return { type: 'streams-closed' };
}

async function obey(order: LoadOrder): Promise<LoadAnswer> {
  switch (order.type) {
    case 'measure-first-tokens':
      return measureFirstTokens(order.target, order.count);
    case 'open-streams':
      return openStreams(order.target);
    case 'start-streams':
      return startStreams();
    case 'await-streams':
      return untilPast(order.tokens, order.which);
    case 'end-streams':
      return endStreams();
    case 'close-streams':
      return closeStreams();
    default:
      throw new Error(`There is no order ${JSON.stringify(order satisfies never)}.`);
  }
}

process.on('message', (order: LoadOrder) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ type: 'failure', message: String(error) } satisfies LoadAnswer),
  );
});
