import { z } from 'zod';
import {
  chatCompletionDeletedSchema,
  chatCompletionListSchema,
  chatCompletionMessageListSchema,
  chatCompletionSchema,
  openAiMetadataSchema,
} from '../../../contract/openai/chat-completions.ts';
import type { StoredCompletions } from '../../features/platform/chat/stored-completions.ts';
import type { OpenAiArea } from './openai-area.ts';

const pageSchema = z.looseObject({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('asc'),
  model: z.string().optional(),
  /** As `metadata[name]=value`. */
  metadata: z.unknown().optional(),
});
const byId = z.object({ completion_id: z.string() });
const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];

/** `/v1/chat/completions` that were kept: listed, read, marked and removed. */
export function storedCompletionsArea(stored: StoredCompletions): OpenAiArea {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/chat/completions',
      schema: { summary: 'Lists chat completions that were kept', tags, querystring: pageSchema },
      config: { ...config, answers: { 200: chatCompletionListSchema } },
      handler: ({ actor, query: { after = null, limit, order, model = null, ...rest } }) =>
        stored.list(actor, { after, limit, order, model, metadata: metadataOf(rest) }),
    });
    app.route({
      method: 'GET',
      url: '/chat/completions/:completion_id',
      schema: { summary: 'A chat completion that was kept', tags, params: byId },
      config: { ...config, answers: { 200: chatCompletionSchema } },
      handler: ({ actor, params }) => stored.read(actor, params.completion_id),
    });
    app.route({
      method: 'POST',
      url: '/chat/completions/:completion_id',
      schema: {
        summary: 'Changes the metadata of a chat completion that was kept',
        tags,
        params: byId,
        body: z.looseObject({ metadata: openAiMetadataSchema.nullable() }),
      },
      config: { ...config, answers: { 200: chatCompletionSchema } },
      handler: ({ actor, params, body }) => stored.changeMetadata(actor, params.completion_id, body.metadata ?? {}),
    });
    app.route({
      method: 'DELETE',
      url: '/chat/completions/:completion_id',
      schema: { summary: 'Removes a chat completion that was kept', tags, params: byId },
      config: { ...config, answers: { 200: chatCompletionDeletedSchema } },
      handler: async ({ actor, params: { completion_id: id } }) => {
        await stored.remove(actor, id);
        return { object: 'chat.completion.deleted', id, deleted: true };
      },
    });
    app.route({
      method: 'GET',
      url: '/chat/completions/:completion_id/messages',
      schema: {
        summary: 'What was sent with a chat completion that was kept',
        tags,
        params: byId,
        querystring: pageSchema,
      },
      config: { ...config, answers: { 200: chatCompletionMessageListSchema } },
      handler: async ({ actor, params, query: { after = null, limit, order } }) => {
        const page = await stored.messages(actor, params.completion_id, { after, limit, order });
        return { ...page, data: page.data.map((message) => ({ content_parts: null, refusal: null, ...message })) };
      },
    });
  };
}

/** `metadata[name]=value` of an address. */
function metadataOf(query: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const key = /^metadata\[(.{1,64})\]$/.exec(name)?.[1];
      return key !== undefined && typeof value === 'string' ? [[key, value]] : [];
    }),
  );
}
