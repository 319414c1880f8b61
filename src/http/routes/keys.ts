import { z } from 'zod';
import { createKeySchema, createdKeySchema, keySchema } from '../../../contract/accounts.ts';
import { idSchema, okSchema } from '../../../contract/common.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Area } from '../http-app.ts';

const tags = ['keys'];

/** API keys of the person who asks. */
export function keysArea(accounts: Accounts): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/keys',
      schema: { summary: 'Lists API keys', tags, response: { 200: z.object({ keys: z.array(keySchema) }) } },
      config: { access: 'user', scope: 'account' },
      handler: async ({ actor }) => ({ keys: await accounts.keys.list(actor.userId) }),
    });
    app.route({
      method: 'POST',
      url: '/api/keys',
      schema: {
        summary: 'Makes an API key; its text is shown this once',
        tags,
        body: createKeySchema,
        response: { 200: createdKeySchema },
      },
      config: { access: 'user', scope: 'account' },
      handler: ({ actor, body }) => accounts.keys.create({ userId: actor.userId, ...body }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/keys/:id',
      schema: { summary: 'Revokes an API key', tags, params: z.object({ id: idSchema }), response: { 200: okSchema } },
      config: { access: 'user', scope: 'account' },
      handler: async ({ actor, params }) => {
        await accounts.keys.revoke({ id: params.id, userId: actor.userId });
        return { ok: true as const };
      },
    });
  };
}
