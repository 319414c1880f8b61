import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  importQuickRepliesSchema,
  importedQuickRepliesSchema,
  quickReplySetListSchema,
  quickReplySetSchema,
  saveQuickReplySetSchema,
} from '../../../contract/quick-replies.ts';
import type { QuickReplies } from '../../features/quick-replies/quick-replies.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const tags = ['quick replies'];
const config = { access: 'user', scope: 'chat' } as const;
/** A hundred buttons of the greatest length, as JSON. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** Buttons above the message box. */
export function quickRepliesArea(quickReplies: QuickReplies): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/quick-replies',
      schema: { summary: 'One’s own sets of quick replies', tags, response: { 200: quickReplySetListSchema } },
      config,
      handler: async ({ actor }) => ({ sets: await quickReplies.list(actor) }),
    });
    app.route({
      method: 'POST',
      url: '/api/quick-replies',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Makes a set', tags, body: saveQuickReplySetSchema, response: { 200: quickReplySetSchema } },
      config,
      handler: ({ actor, body }) => quickReplies.create(actor, body),
    });
    app.route({
      method: 'POST',
      url: '/api/quick-replies/import',
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Reads a quick-reply set of SillyTavern’s, or one of ours',
        tags,
        body: importQuickRepliesSchema,
        response: { 200: importedQuickRepliesSchema },
      },
      config,
      handler: ({ actor, body }) => quickReplies.import(actor, body),
    });
    app.route({
      method: 'PUT',
      url: '/api/quick-replies/:id',
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Changes a set',
        tags,
        params: byId,
        body: saveQuickReplySetSchema,
        response: { 200: quickReplySetSchema },
      },
      config,
      handler: ({ actor, params, body }) => quickReplies.save(actor, params.id, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/quick-replies/:id',
      schema: { summary: 'Deletes a set', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }) => {
        await quickReplies.delete(actor, params.id);
        return { ok: true as const };
      },
    });
  };
}
