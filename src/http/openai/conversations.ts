import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import {
  addConversationItemsSchema,
  apiConversationDeletedSchema,
  apiConversationSchema,
  createApiConversationSchema,
  sentApiConversationSchema,
  sentConversationItemsSchema,
  updateApiConversationSchema,
} from '../../../contract/openai/conversations.ts';
import { itemPageSchema, storedItemSchema } from '../../../contract/openai/response-items.ts';
import { includeQuery, listItemsQuerySchema } from '../../../contract/openai/responses.ts';
import type { ApiConversations } from '../../features/platform/responses/api-conversations.ts';
import type { HttpApp } from '../http-app.ts';
import type { OpenAiArea } from './openai-area.ts';

const params = z.object({ id: idSchema });
const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];

/** `/v1/conversations`. */
export function apiConversationsArea(conversations: ApiConversations): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/conversations',
      schema: { summary: 'Begins a conversation', tags, body: createApiConversationSchema.nullish() },
      config: { ...config, takes: sentApiConversationSchema.nullish(), answers: { 200: apiConversationSchema } },
      handler: ({ actor, body }) =>
        conversations.create(actor, { metadata: body?.metadata ?? {}, items: body?.items ?? [] }),
    });
    app.route({
      method: 'GET',
      url: '/conversations/:id',
      schema: { summary: 'Reads a conversation', tags, params },
      config: { ...config, answers: { 200: apiConversationSchema } },
      handler: ({ actor, params: { id } }) => conversations.read({ actor, id }),
    });
    app.route({
      method: 'POST',
      url: '/conversations/:id',
      schema: { summary: 'Changes what is kept with a conversation', tags, params, body: updateApiConversationSchema },
      config: { ...config, answers: { 200: apiConversationSchema } },
      handler: ({ actor, params: { id }, body }) => conversations.update({ actor, id }, body.metadata ?? {}),
    });
    app.route({
      method: 'DELETE',
      url: '/conversations/:id',
      schema: { summary: 'Deletes a conversation', tags, params },
      config: { ...config, answers: { 200: apiConversationDeletedSchema } },
      handler: async ({ actor, params: { id } }) => {
        await conversations.delete({ actor, id });
        return { id, object: 'conversation.deleted', deleted: true };
      },
    });
    itemRoutes(app, conversations);
  };
}

function itemRoutes(app: HttpApp, conversations: ApiConversations): void {
  const itemParams = z.object({ id: idSchema, itemId: idSchema });
  app.route({
    method: 'GET',
    url: '/conversations/:id/items',
    schema: { summary: 'Lists what was said', tags, params, querystring: listItemsQuerySchema },
    config: { ...config, answers: { 200: itemPageSchema } },
    handler: ({ actor, params: { id }, query }) => conversations.items({ actor, id }, query),
  });
  app.route({
    method: 'POST',
    url: '/conversations/:id/items',
    schema: {
      summary: 'Adds what was said',
      tags,
      params,
      querystring: z.object(includeQuery),
      body: addConversationItemsSchema,
    },
    config: { ...config, takes: sentConversationItemsSchema, answers: { 200: itemPageSchema } },
    handler: ({ actor, params: { id }, body }) => conversations.add({ actor, id }, body.items),
  });
  app.route({
    method: 'GET',
    url: '/conversations/:id/items/:itemId',
    schema: {
      summary: 'Reads something that was said',
      tags,
      params: itemParams,
      querystring: z.object(includeQuery),
    },
    config: { ...config, answers: { 200: storedItemSchema } },
    handler: ({ actor, params: { id, itemId } }) => conversations.item({ actor, id }, itemId),
  });
  app.route({
    method: 'DELETE',
    url: '/conversations/:id/items/:itemId',
    schema: { summary: 'Takes something out that was said', tags, params: itemParams },
    config: { ...config, answers: { 200: apiConversationSchema } },
    handler: ({ actor, params: { id, itemId } }) => conversations.deleteItem({ actor, id }, itemId),
  });
}
