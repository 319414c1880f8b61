import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import { chooseEmbeddingSchema, embeddingListSchema } from '../../../contract/embeddings.ts';
import type { Embeddings } from '../../features/engines/embeddings.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

const byId = z.object({ id: idSchema });
const tags = ['memory'];
const owner = { access: 'owner' } as const;

/** The models that give memory its vectors. */
export function embeddingsArea(embeddings: Embeddings): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/memory/embeddings',
      schema: { summary: 'Every embedding model, as it stands here', tags, response: { 200: embeddingListSchema } },
      config: owner,
      handler: ({ actor }) => embeddings.list(actor),
    });
    app.route({
      method: 'POST',
      url: '/api/memory/embeddings/choose',
      schema: {
        summary: 'Chooses the embedding model of the house, or none',
        tags,
        body: chooseEmbeddingSchema,
        response: { 200: embeddingListSchema },
      },
      config: owner,
      handler: ({ actor, body }) => embeddings.choose(actor, body.ref),
    });
    app.route({
      method: 'POST',
      url: '/api/memory/embeddings/:id/fetch',
      schema: { summary: 'Begins to fetch an embedding model', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await embeddings.fetch(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'DELETE',
      url: '/api/memory/embeddings/:id/fetch',
      schema: { summary: 'Stops fetching an embedding model', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await embeddings.cancel(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/memory/embeddings/:id/verify',
      schema: {
        summary: 'Computes the hashes of its files again',
        tags,
        params: byId,
        response: { 200: z.object({ ok: z.boolean() }) },
      },
      config: owner,
      handler: (request, reply) => embeddings.verify(request.actor, request.params.id, readerSignal(reply)),
    });
    app.route({
      method: 'DELETE',
      url: '/api/memory/embeddings/:id',
      schema: { summary: 'Removes the files of an embedding model', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await embeddings.remove(actor, params.id);
        return { ok: true as const };
      },
    });
  };
}
