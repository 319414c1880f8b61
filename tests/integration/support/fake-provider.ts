import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a provider saw it. */
export interface SeenRequest {
  path: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
  /** Settles when the connection of this request closed before its answer was whole. */
  left: Promise<void>;
}

/** A provider on this machine that answers as a test says. */
export interface FakeProvider extends AsyncDisposable {
  address: string;
  seen: SeenRequest[];
  answer: (request: SeenRequest, response: ServerResponse) => void | Promise<void>;
}

export async function startFakeProvider(answer: FakeProvider['answer']): Promise<FakeProvider> {
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: FakeProvider = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen: [],
    answer,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const left = Promise.withResolvers<void>();
    response.on('close', () => response.writableFinished || left.resolve());
    const text = Buffer.concat(parts).toString();
    const seen: SeenRequest = {
      path: request.url ?? '',
      authorization: request.headers.authorization,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
      left: left.promise,
    };
    provider.seen.push(seen);
    await provider.answer(seen, response);
  }
  return provider;
}

/** A frame of a stream as OpenAI's servers write it. */
export function providerFrame(delta: object, more: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: null }];
  return `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', model: 'snapshot-1', choices, ...more })}\n\n`;
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function sendFrames(response: ServerResponse, frames: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(frames.join(''));
}
