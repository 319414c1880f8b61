import { deleteAllSchema } from '../../../contract/house.ts';
import { okSchema } from '../../../contract/common.ts';
import type { Portability } from '../../features/portability/portability.ts';
import type { Area } from '../http-app.ts';

const tags = ['account'];
const config = { access: 'user', scope: 'account' } as const;

/** Taking everything along, and removing everything. */
export function portabilityArea(portability: Portability): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/me/export',
      schema: { summary: 'Everything of one’s own, as a gzipped tar', tags },
      config,
      handler: ({ actor }, reply) =>
        reply
          .type('application/gzip')
          .header('content-disposition', 'attachment; filename="everwith-export.tar.gz"')
          .header('cache-control', 'no-store')
          .send(portability.export(actor)),
    });
    app.route({
      method: 'POST',
      url: '/api/me/delete-all',
      schema: {
        summary: 'Removes all conversations and characters of one’s own for good',
        tags,
        body: deleteAllSchema,
        response: { 200: okSchema },
      },
      config,
      handler: async ({ actor }) => {
        await portability.deleteAll(actor.userId);
        return { ok: true as const };
      },
    });
  };
}
