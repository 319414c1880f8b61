import { z } from 'zod';
import {
  createBatchSchema,
  listBatchesQuerySchema,
  openAiBatchListSchema,
  openAiBatchSchema,
} from '../../../contract/openai/files.ts';
import type { Batches } from '../../features/platform/batches/batches.ts';
import type { OpenAiArea } from './openai-area.ts';

const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];
const byId = z.object({ batch_id: z.string().max(200) });

/** `/v1/batches`. */
export function batchesArea(batches: Batches): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/batches',
      schema: { summary: 'Answers the requests of a file when there is time', tags, body: createBatchSchema },
      config: { ...config, answers: { 200: openAiBatchSchema } },
      handler: ({ actor, body }) => batches.create(actor, body),
    });
    app.route({
      method: 'GET',
      url: '/batches',
      schema: { summary: 'Lists one’s batches', tags, querystring: listBatchesQuerySchema },
      config: { ...config, answers: { 200: openAiBatchListSchema } },
      handler: ({ actor, query }) => batches.list(actor, query),
    });
    app.route({
      method: 'GET',
      url: '/batches/:batch_id',
      schema: { summary: 'Tells of a batch', tags, params: byId },
      config: { ...config, answers: { 200: openAiBatchSchema } },
      handler: ({ actor, params }) => batches.read(actor, params.batch_id),
    });
    app.route({
      method: 'POST',
      url: '/batches/:batch_id/cancel',
      schema: { summary: 'Cancels a batch', tags, params: byId },
      config: { ...config, answers: { 200: openAiBatchSchema } },
      handler: ({ actor, params }) => batches.cancel(actor, params.batch_id),
    });
  };
}
