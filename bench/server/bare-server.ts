/**
 * The reference: nothing but Fastify, which sends the tokens of an answer to whoever listens. Its addresses are those
 * of the real server, so that one client loads both. Arguments: port, tokens per answer, milliseconds before each.
 */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { tokenOf } from './tokens.ts';

const [port = 0, tokens = 0, delayInMs = 0] = process.argv.slice(2).map(Number);
const listeners = new Map<string, ServerResponse>();
const app = fastify();

app.get('/healthz', () => ({ status: 'ok' }));

app.get<{ Params: { id: string } }>('/api/conversations/:id/events', (request, reply) => {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  reply.raw.write(`data: ${JSON.stringify({ type: 'conversation-snapshot' })}\n\n`);
  const { id } = request.params;
  listeners.set(id, reply.raw);
  reply.raw.on('close', () => listeners.delete(id));
});

app.post<{ Params: { id: string } }>('/api/conversations/:id/messages', (request) => {
  void answer(request.params.id);
  return { ok: true };
});

async function answer(id: string): Promise<void> {
  const messageId = randomUUID();
  for (let index = 0; index < tokens; index += 1) {
    if (delayInMs > 0) await sleep(delayInMs);
    const event = { type: 'text-delta', messageId, text: tokenOf(index) };
    listeners.get(id)?.write(`data: ${JSON.stringify(event)}\n\n`);
  }
  listeners.get(id)?.write(`data: ${JSON.stringify({ type: 'reply-end', messageId })}\n\n`);
}

process.once('SIGTERM', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port });
