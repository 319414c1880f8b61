import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import { chooseLookSchema, lookScopeSchema, looksSchema } from '../../../contract/looks.ts';
import type { ConversationLooks } from '../../features/organising/looks.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const tags = ['conversations'];
const config = { access: 'user', scope: 'chat', guests: true } as const;

/** How a person wants a conversation to look. */
export function looksArea(looks: ConversationLooks): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/look',
      schema: {
        summary: 'How the person wants the conversation, and all with its character, to look',
        tags,
        params: byId,
        response: { 200: looksSchema },
      },
      config,
      handler: ({ actor, params }) => looks.read(actor, params.id),
    });
    app.route({
      method: 'PUT',
      url: '/api/conversations/:id/look',
      schema: {
        summary: 'Chooses a theme or a background for the conversation or for all with its character',
        tags,
        params: byId,
        body: chooseLookSchema,
        response: { 200: looksSchema },
      },
      config,
      // A picture of 2 MiB, as base64 in JSON.
      bodyLimit: 3_000_000,
      handler: ({ actor, params, body }) => looks.choose(actor, params.id, body),
    });
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/background',
      schema: {
        summary: "The person's own picture behind the conversation",
        tags,
        params: byId,
        querystring: z.object({ for: lookScopeSchema.default('conversation'), size: z.string().max(20).optional() }),
      },
      config,
      handler: async ({ actor, params, query }, reply) => {
        const { mediaType, bytes } = await looks.background(actor, params.id, query.for);
        return reply
          .type(mediaType)
          .header('cache-control', 'private, no-cache')
          .header('content-security-policy', "default-src 'none'; sandbox")
          .send(bytes);
      },
    });
  };
}
