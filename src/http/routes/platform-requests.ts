import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import { loggedRequestSchema, requestLogSettingsSchema } from '../../../contract/request-log.ts';
import type { RequestLog } from '../../features/platform/request-log/request-log.ts';
import type { Area } from '../http-app.ts';

const tags = ['platform'];
const response = { 200: requestLogSettingsSchema };
const owner = { access: 'owner', scope: 'account' } as const;

/** Bodies of requests, where the owner has them kept. */
export function platformRequestsArea(log: RequestLog): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/platform/requests/:id',
      schema: {
        summary: 'What went over the wire in one request',
        tags,
        params: z.object({ id: idSchema }),
        response: { 200: loggedRequestSchema },
      },
      config: { access: 'user' },
      handler: ({ actor, params: { id } }) => log.read(actor, id),
    });
    app.route({
      method: 'GET',
      url: '/api/platform/request-log',
      schema: { summary: 'Whether bodies of requests are kept', tags, response },
      config: { access: 'user' },
      handler: () => log.settings(),
    });
    app.route({
      method: 'PUT',
      url: '/api/platform/request-log',
      schema: { summary: 'Has bodies of requests kept, or not', tags, body: requestLogSettingsSchema, response },
      config: owner,
      handler: ({ actor, body }) => log.change(actor, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/platform/request-log',
      schema: { summary: 'Forgets every body that was kept', tags, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor }) => {
        await log.clear(actor);
        return { ok: true as const };
      },
    });
  };
}
