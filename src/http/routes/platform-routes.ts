import { z } from 'zod';
import { modelRouteSchema, routesViewSchema } from '../../../contract/routes.ts';
import type { Routes } from '../../features/platform/routing/routes.ts';
import type { Area } from '../http-app.ts';

const tags = ['platform'];
const response = { 200: routesViewSchema };
const config = { access: 'owner' } as const;

/** Public names of models and what answers under them. */
export function platformRoutesArea(routes: Routes): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/platform/routes',
      schema: { summary: 'Lists routes with the health of their targets', tags, response },
      config,
      handler: async ({ actor }) => routes.list(actor),
    });
    app.route({
      method: 'PUT',
      url: '/api/platform/routes',
      schema: { summary: 'Makes a route or changes the one of that name', tags, body: modelRouteSchema, response },
      config,
      handler: ({ actor, body }) => routes.save(actor, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/platform/routes',
      schema: { summary: 'Removes a route', tags, querystring: z.object({ name: z.string().min(1) }), response },
      config,
      handler: ({ actor, query: { name } }) => routes.remove(actor, name),
    });
  };
}
