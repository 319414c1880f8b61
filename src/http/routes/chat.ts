import { z } from 'zod';
import { idSchema, okSchema, textSchema } from '../../../contract/common.ts';
import {
  conversationListSchema,
  conversationSchema,
  createConversationSchema,
  updateConversationSchema,
} from '../../../contract/conversations.ts';
import { conversationSortSchema } from '../../../contract/organising.ts';
import { choosePersonaSchema } from '../../../contract/personas.ts';
import type { Conversations } from '../../features/chat/conversations.ts';
import type { PersonaChoice } from '../../features/chat/persona-choice.ts';
import type { WarmStarts } from '../../features/chat/warm-starts.ts';
import type { Area } from '../http-app.ts';
import { sendEvents } from '../sockets/sse.ts';

const byId = z.object({ id: idSchema });
const listQuery = z.object({
  search: z.string().max(200).optional(),
  cursor: z.string().max(200).optional(),
  character: idSchema.optional(),
  sort: conversationSortSchema.default('recent'),
  archived: z.enum(['hide', 'only', 'all']).optional(),
  favourite: z.stringbool().optional(),
  folder: idSchema.optional(),
  tag: textSchema(40).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
const tags = ['conversations'];
const config = { access: 'user', scope: 'chat' } as const;
const forGuests = { ...config, guests: true } as const;

/** Conversations as a whole, and the stream of what happens in one. */
export function conversationsArea({
  conversations,
  warmStarts,
  personaChoice,
}: {
  conversations: Conversations;
  warmStarts: WarmStarts;
  personaChoice: PersonaChoice;
}): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations',
      schema: {
        summary: 'Lists conversations, pinned ones first',
        tags,
        querystring: listQuery,
        response: { 200: conversationListSchema },
      },
      config: forGuests,
      handler: ({ actor, query }) =>
        conversations.list(actor, { ...query, characterId: query.character, folderId: query.folder }),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations',
      schema: {
        summary: 'Begins a conversation',
        tags,
        body: createConversationSchema,
        response: { 200: conversationSchema },
      },
      config,
      handler: ({ actor, body }) => conversations.create(actor, body),
    });
    app.route({
      method: 'GET',
      url: '/api/conversations/:id',
      schema: { summary: 'One conversation', tags, params: byId, response: { 200: conversationSchema } },
      config: forGuests,
      handler: ({ actor, params }) => conversations.read(actor, params.id),
    });
    app.route({
      method: 'PATCH',
      url: '/api/conversations/:id',
      schema: {
        summary: 'Renames it, or changes its model, preset, author’s note or character version',
        tags,
        params: byId,
        body: updateConversationSchema,
        response: { 200: conversationSchema },
      },
      config,
      handler: ({ actor, params, body }) => conversations.update(actor, params.id, body),
    });
    app.route({
      method: 'PUT',
      url: '/api/conversations/:id/persona',
      schema: {
        summary: 'Chooses who one is here; the past keeps its name unless `renamePast` says otherwise',
        tags,
        params: byId,
        body: choosePersonaSchema,
        response: { 200: conversationSchema },
      },
      config: forGuests,
      handler: ({ actor, params, body }) => personaChoice.choose(actor, params.id, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/conversations/:id',
      schema: { summary: 'Deletes it; it can be restored', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }) => {
        await conversations.delete(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/restore',
      schema: { summary: 'Undoes its deletion', tags, params: byId, response: { 200: conversationSchema } },
      config,
      handler: ({ actor, params }) => conversations.restore(actor, params.id),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/purge',
      schema: { summary: 'Removes it and all its words for good', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }) => {
        await conversations.purge(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/warm',
      schema: { summary: 'Prepares the engine for the next message', tags, params: byId, response: { 202: okSchema } },
      config,
      handler: async ({ actor, params }, reply) => {
        await conversations.require(actor, params.id);
        warmStarts.begin(actor, params.id);
        return reply.code(202).send({ ok: true as const });
      },
    });
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/events',
      schema: {
        summary: 'What happens in a conversation, as server-sent events (ConversationEvent)',
        tags,
        params: byId,
      },
      config: forGuests,
      handler: async ({ actor, params }, reply) => {
        await conversations.requireSeat(actor, params.id);
        await sendEvents(reply, (signal) => conversations.watch(actor, params.id, signal));
      },
    });
  };
}
