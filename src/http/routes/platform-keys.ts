import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  changePlatformKeySchema,
  createPlatformKeySchema,
  platformKeySchema,
  rotatePlatformKeySchema,
  shownKeySchema,
} from '../../../contract/platform-keys.ts';
import type { PlatformKeys } from '../../accounts/platform-keys.ts';
import type { Area } from '../http-app.ts';

const tags = ['platform'];
const params = z.object({ id: idSchema });
const config = { access: 'user', scope: 'account' } as const;

/** Keys with limits, of a person and of their teams. No key manages keys: people do. */
export function platformKeysArea(keys: PlatformKeys): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/platform/keys',
      schema: {
        summary: 'Lists keys of one’s own and of one’s teams',
        tags,
        response: { 200: z.object({ keys: z.array(platformKeySchema) }) },
      },
      config,
      handler: async ({ actor }) => ({ keys: await keys.list(actor) }),
    });
    app.route({
      method: 'POST',
      url: '/api/platform/keys',
      schema: {
        summary: 'Makes a key; its text is shown this once',
        tags,
        body: createPlatformKeySchema,
        response: { 200: shownKeySchema },
      },
      config,
      handler: ({ actor, body }) => keys.create(actor, body),
    });
    app.route({
      method: 'PATCH',
      url: '/api/platform/keys/:id',
      schema: {
        summary: 'Changes a key’s name, models, limits or end',
        tags,
        params,
        body: changePlatformKeySchema,
        response: { 200: platformKeySchema },
      },
      config,
      handler: ({ actor, params: { id }, body }) => keys.change(actor, { id, ...body }),
    });
    app.route({
      method: 'POST',
      url: '/api/platform/keys/:id/rotate',
      schema: {
        summary: 'Gives a key a new text, shown this once; the old one works on for a while',
        tags,
        params,
        body: rotatePlatformKeySchema,
        response: { 200: shownKeySchema },
      },
      config,
      handler: ({ actor, params: { id }, body }) => keys.rotate(actor, { id, ...body }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/platform/keys/:id',
      schema: { summary: 'Revokes a key', tags, params, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params: { id } }) => {
        await keys.revoke(actor, id);
        return { ok: true as const };
      },
    });
  };
}
