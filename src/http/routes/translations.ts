import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  translateMessageSchema,
  translationLanguageSchema,
  translationListSchema,
} from '../../../contract/translations.ts';
import type { Translations } from '../../features/translation/translations.ts';
import type { Area } from '../http-app.ts';
import { sendEvents } from '../sockets/sse.ts';

const byId = z.object({ id: idSchema });
const tags = ['messages'];
const config = { access: 'user', scope: 'chat' } as const;
const forGuests = { ...config, guests: true } as const;
/** Translations a minute of one person: each keeps a model busy for a while. */
const MODEL_CALLS = 60;

/** Messages in other languages. */
export function translationsArea(translations: Translations): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/translations',
      schema: {
        summary: 'Translations of messages that are kept, newest first',
        tags,
        params: byId,
        response: { 200: translationListSchema },
      },
      config: forGuests,
      handler: async ({ actor, params }) => ({ translations: await translations.list(actor, params.id) }),
    });
    app.route({
      method: 'POST',
      url: '/api/messages/:id/translations',
      schema: {
        summary: 'Translates a message, as events; kept for everybody who heard it',
        tags,
        params: byId,
        body: translateMessageSchema,
      },
      config: forGuests,
      preHandler: app.limitCalls({ max: MODEL_CALLS, key: ({ actor }) => `translate:${actor.userId}` }),
      handler: async ({ actor, params, body }, reply) => {
        const run = await translations.begin(actor, params.id, body);
        await sendEvents(reply, run);
      },
    });
    app.route({
      method: 'DELETE',
      url: '/api/messages/:id/translations/:language',
      schema: {
        summary: 'Removes a translation',
        tags,
        params: byId.extend({ language: translationLanguageSchema }),
        response: { 200: okSchema },
      },
      config,
      handler: async ({ actor, params }) => {
        await translations.remove(actor, params.id, params.language);
        return { ok: true as const };
      },
    });
  };
}
