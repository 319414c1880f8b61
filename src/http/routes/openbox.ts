import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  openboxOverviewSchema,
  openboxRunDetailsSchema,
  openboxRunSchema,
  saveOpenboxRunSchema,
} from '../../../contract/openbox.ts';
import type { OpenboxRuns } from '../../features/platform/openbox/openbox-runs.ts';
import type { Area } from '../http-app.ts';

const tags = ['platform'];
const params = z.object({ id: idSchema });
const config = { access: 'owner', scope: 'account' } as const;
/** Bytes; two thousand answers of four thousand letters. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** What came of the frozen developer tasks. */
export function openboxArea(runs: OpenboxRuns): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/platform/openbox',
      schema: {
        summary: 'The frozen tasks and every run that was kept',
        tags,
        response: { 200: openboxOverviewSchema },
      },
      config,
      handler: ({ actor }) => runs.overview(actor),
    });
    app.route({
      method: 'POST',
      url: '/api/platform/openbox/runs',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Keeps a run', tags, body: saveOpenboxRunSchema, response: { 200: openboxRunSchema } },
      config,
      handler: ({ actor, body }) => runs.save(actor, body),
    });
    app.route({
      method: 'GET',
      url: '/api/platform/openbox/runs/:id',
      schema: { summary: 'A run, task by task', tags, params, response: { 200: openboxRunDetailsSchema } },
      config,
      handler: ({ actor, params: { id } }) => runs.details(actor, id),
    });
    app.route({
      method: 'DELETE',
      url: '/api/platform/openbox/runs/:id',
      schema: { summary: 'Forgets a run', tags, params, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params: { id } }) => {
        await runs.remove(actor, id);
        return { ok: true as const };
      },
    });
  };
}
