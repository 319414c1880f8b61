import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import {
  compactRequestSchema,
  includeQuery,
  inputTokensRequestSchema,
  listItemsQuerySchema,
  responseRequestSchema,
  sentCompactSchema,
  sentInputTokensSchema,
  sentResponseSchema,
} from '../../../contract/openai/responses.ts';
import { responseEventSchema } from '../../../contract/openai/response-events.ts';
import { itemPageSchema } from '../../../contract/openai/response-items.ts';
import {
  compactedSchema,
  inputTokensSchema,
  responseDeletedSchema,
  responseSchema,
} from '../../../contract/openai/response-object.ts';
import type { Responses } from '../../features/platform/responses/responses.ts';
import type { HttpApp } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';
import { idempotencyKeyOf } from './idempotency-key-of.ts';
import type { OpenAiArea } from './openai-area.ts';
import { TYPED_EVENTS } from './response-frames.ts';
import { sendChunks } from './send-chunks.ts';

/** Bytes; pictures travel inside requests. */
const BODY_LIMIT = 64 * 1024 * 1024;

const params = z.object({ id: idSchema });
const config = { access: 'user', scope: 'models' } as const;
const isTrue = z.enum(['true', 'false']).optional();

/** `/v1/responses`. */
export function responsesArea(responses: Responses): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/responses',
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Makes a response',
        tags: ['openai'],
        body: responseRequestSchema,
      },
      config: { ...config, takes: sentResponseSchema, answers: { 200: responseSchema }, events: responseEventSchema },
      handler: async ({ actor, body, id, headers }, reply) => {
        const idempotencyKey = idempotencyKeyOf(headers);
        const call = { actor, request: body, requestId: id, idempotencyKey, signal: readerSignal(reply) };
        if (body.stream !== true) return reply.send(await responses.create(call));
        await sendChunks(reply, await responses.stream(call), TYPED_EVENTS);
        return reply;
      },
    });
    app.route({
      method: 'POST',
      url: '/responses/input_tokens',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Counts what a response would take', tags: ['openai'], body: inputTokensRequestSchema },
      config: { ...config, takes: sentInputTokensSchema, answers: { 200: inputTokensSchema } },
      handler: ({ actor, body }, reply) => responses.countInput({ actor, request: body, signal: readerSignal(reply) }),
    });
    app.route({
      method: 'POST',
      url: '/responses/compact',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Sums up what was said, to go on from there', tags: ['openai'], body: compactRequestSchema },
      config: { ...config, takes: sentCompactSchema, answers: { 200: compactedSchema } },
      handler: ({ actor, body, id }, reply) =>
        responses.compact({ actor, request: body, requestId: id, signal: readerSignal(reply) }),
    });
    keptResponses(app, responses);
  };
}

function keptResponses(app: HttpApp, responses: Responses): void {
  const querystring = z.object({
    stream: isTrue,
    starting_after: z.coerce.number().int().min(-1).optional(),
    include_obfuscation: isTrue,
    ...includeQuery,
  });
  app.route({
    method: 'GET',
    url: '/responses/:id',
    schema: { summary: 'Reads a response, or its events', tags: ['openai'], params, querystring },
    config: { ...config, answers: { 200: responseSchema }, events: responseEventSchema },
    handler: async ({ actor, params: { id }, query }, reply) => {
      if (query.stream !== 'true') return reply.send(await responses.read({ actor, id }));
      const after = query.starting_after ?? -1;
      const events = await responses.watch({ actor, id, after, signal: readerSignal(reply) });
      await sendChunks(reply, events, TYPED_EVENTS);
      return reply;
    },
  });
  app.route({
    method: 'DELETE',
    url: '/responses/:id',
    schema: { summary: 'Deletes a response', tags: ['openai'], params },
    config: { ...config, answers: { 200: responseDeletedSchema } },
    handler: async ({ actor, params: { id } }) => {
      await responses.delete({ actor, id });
      return { id, object: 'response', deleted: true };
    },
  });
  app.route({
    method: 'POST',
    url: '/responses/:id/cancel',
    schema: { summary: 'Stops a response in the background', tags: ['openai'], params },
    config: { ...config, answers: { 200: responseSchema } },
    handler: ({ actor, params: { id } }) => responses.cancel({ actor, id }),
  });
  app.route({
    method: 'GET',
    url: '/responses/:id/input_items',
    schema: { summary: 'Lists what a response answered', tags: ['openai'], params, querystring: listItemsQuerySchema },
    config: { ...config, answers: { 200: itemPageSchema } },
    handler: ({ actor, params: { id }, query }) => responses.inputItems({ actor, id, query }),
  });
}
