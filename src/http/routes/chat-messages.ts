import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  changedPathSchema,
  chooseMessageSchema,
  editMessageSchema,
  messagePageSchema,
  messageSchema,
  receiptSchema,
  sendMessageSchema,
  sentMessageSchema,
  startReplySchema,
  startedReplySchema,
} from '../../../contract/messages.ts';
import { controlRunSchema, roomRunSchema } from '../../../contract/rooms.ts';
import type { Messages } from '../../features/chat/messages.ts';
import type { Replies } from '../../features/chat/replies.ts';
import type { RoomRuns } from '../../features/chat/room-runs.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const pageQuery = z.object({
  before: idSchema.optional(),
  after: idSchema.optional(),
  around: idSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const changedMessageSchema = z.object({ message: messageSchema, revision: z.int().nonnegative() });
const tags = ['messages'];
const config = { access: 'user', scope: 'chat' } as const;
const forGuests = { ...config, guests: true } as const;

/** What is said: pages of the path, sending, replies, edits, swipes, receipts. */
export function messagesArea({
  messages,
  replies,
  roomRuns,
}: {
  messages: Messages;
  replies: Replies;
  roomRuns: RoomRuns;
}): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/messages',
      schema: {
        summary:
          'A page of the path, oldest first: before, after or around a message, else the newest of the active path',
        tags,
        params: byId,
        querystring: pageQuery,
        response: { 200: messagePageSchema },
      },
      config: forGuests,
      handler: ({ actor, params, query }) => messages.page(actor, { conversationId: params.id, ...query }),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/messages',
      schema: {
        summary: 'Says something; the reply goes on by itself',
        tags,
        params: byId,
        body: sendMessageSchema,
        response: { 200: sentMessageSchema },
      },
      config: forGuests,
      handler: ({ actor, params, body }) => messages.send(actor, params.id, body),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/replies',
      schema: {
        summary: 'Asks for a reply, another one, or more of one',
        tags,
        params: byId,
        body: startReplySchema,
        response: { 200: startedReplySchema },
      },
      config: forGuests,
      handler: ({ actor, params, body }) => replies.start(actor, params.id, body),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/stop',
      schema: {
        summary: 'Stops the reply being written; what is there stays',
        tags,
        params: byId,
        response: { 200: okSchema },
      },
      config: forGuests,
      handler: async ({ actor, params }) => {
        await replies.stop(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/run',
      schema: {
        summary: 'Lets the characters of a room go on, holds them, or ends their turns',
        tags,
        params: byId,
        body: controlRunSchema,
        response: { 200: roomRunSchema },
      },
      config: forGuests,
      handler: ({ actor, params, body }) => roomRuns.control(actor, params.id, body),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/path',
      schema: {
        summary: 'Moves the active path through a message',
        tags,
        params: byId,
        body: chooseMessageSchema,
        response: { 200: changedPathSchema },
      },
      config: forGuests,
      handler: ({ actor, params, body }) => messages.changes.choose(actor, params.id, body),
    });
    app.route({
      method: 'GET',
      url: '/api/messages/:id',
      schema: { summary: 'One message', tags, params: byId, response: { 200: messageSchema } },
      config: forGuests,
      handler: ({ actor, params }) => messages.read(actor, params.id),
    });
    app.route({
      method: 'POST',
      url: '/api/messages/:id/edit',
      schema: {
        summary: 'Adds an edited version beside it',
        tags,
        params: byId,
        body: editMessageSchema,
        response: { 200: changedPathSchema },
      },
      config: forGuests,
      handler: ({ actor, params, body }) => messages.edit(actor, params.id, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/messages/:id',
      schema: {
        summary: 'Deletes it; it can be restored',
        tags,
        params: byId,
        response: { 200: changedMessageSchema },
      },
      config: forGuests,
      handler: ({ actor, params }) => messages.changes.setDeleted(actor, params.id, true),
    });
    app.route({
      method: 'POST',
      url: '/api/messages/:id/restore',
      schema: { summary: 'Undoes its deletion', tags, params: byId, response: { 200: changedMessageSchema } },
      config: forGuests,
      handler: ({ actor, params }) => messages.changes.setDeleted(actor, params.id, false),
    });
    app.route({
      method: 'POST',
      url: '/api/messages/:id/hide',
      schema: {
        summary: 'Keeps it from the model; people still see it',
        tags,
        params: byId,
        response: { 200: changedMessageSchema },
      },
      config,
      handler: ({ actor, params }) => messages.changes.setHidden(actor, params.id, true),
    });
    app.route({
      method: 'POST',
      url: '/api/messages/:id/show',
      schema: { summary: 'Lets the model see it again', tags, params: byId, response: { 200: changedMessageSchema } },
      config,
      handler: ({ actor, params }) => messages.changes.setHidden(actor, params.id, false),
    });
    app.route({
      method: 'GET',
      url: '/api/messages/:id/receipt',
      schema: { summary: 'Why a reply is what it is', tags, params: byId, response: { 200: receiptSchema } },
      config: forGuests,
      handler: ({ actor, params }) => messages.receipt(actor, params.id),
    });
  };
}
