import type { FastifyReply } from 'fastify';
import { countTokensRequestSchema, messagesRequestSchema } from '../../../contract/anthropic/messages.ts';
import type { Messages } from '../../features/platform/messages/messages.ts';
import type { OpenAiArea } from '../openai/openai-area.ts';
import { idempotencyKeyOf } from '../openai/idempotency-key-of.ts';
import { sendChunks, type StreamFrames } from '../openai/send-chunks.ts';
import { readerSignal } from '../reader-signal.ts';
import { handleAnthropicError, toAnthropicError } from './anthropic-error.ts';

/** Bytes; pictures travel inside requests. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** `POST /v1/messages` and `/v1/messages/count_tokens`, as Anthropic's clients speak. */
export function messagesArea(messages: Messages): OpenAiArea {
  return (app) => {
    app.setErrorHandler(handleAnthropicError);
    app.addHook('onRequest', async ({ id }, reply) => void reply.header('request-id', id));
    const config = { access: 'user', scope: 'models' } as const;
    app.route({
      method: 'POST',
      url: '/messages',
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Answers a conversation, in Anthropic’s shape',
        tags: ['anthropic'],
        body: messagesRequestSchema,
      },
      config,
      handler: async ({ actor, body, id, headers }, reply) => {
        const idempotencyKey = idempotencyKeyOf(headers);
        const call = { actor, request: body, requestId: id, idempotencyKey, signal: readerSignal(reply) };
        if (body.stream !== true) return reply.send(await messages.create(call));
        await sendChunks(reply, await messages.stream(call), framesOf(reply));
        return reply;
      },
    });
    app.route({
      method: 'POST',
      url: '/messages/count_tokens',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Counts what a conversation would take', tags: ['anthropic'], body: countTokensRequestSchema },
      config,
      handler: ({ actor, body }, reply) => messages.countTokens(actor, body, readerSignal(reply)),
    });
  };
}

/** Events by their names; an error is one of them. */
function framesOf({ request: { id } }: FastifyReply): StreamFrames {
  const frame = (event: unknown) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`;
  return {
    frame,
    fault: ({ error: { message } }, status) => frame(toAnthropicError(message, { status, id })),
    end: '',
  };
}
