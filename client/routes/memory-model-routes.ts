import { z } from 'zod';
import { okSchema } from '../../contract/common.ts';
import { chooseEmbeddingSchema, embeddingListSchema } from '../../contract/embeddings.ts';
import type { ApiRoute } from '../api-route.ts';

const ok = { response: okSchema };

/** The models that give memory its vectors. */
export const MEMORY_MODEL_ROUTES = {
  embeddings: { method: 'GET', path: '/api/memory/embeddings', response: embeddingListSchema },
  chooseEmbedding: {
    method: 'POST',
    path: '/api/memory/embeddings/choose',
    body: chooseEmbeddingSchema,
    response: embeddingListSchema,
  },
  fetchEmbedding: { method: 'POST', path: '/api/memory/embeddings/:id/fetch', ...ok },
  cancelEmbeddingFetch: { method: 'DELETE', path: '/api/memory/embeddings/:id/fetch', ...ok },
  removeEmbedding: { method: 'DELETE', path: '/api/memory/embeddings/:id', ...ok },
  verifyEmbedding: {
    method: 'POST',
    path: '/api/memory/embeddings/:id/verify',
    response: z.object({ ok: z.boolean() }),
  },
} as const satisfies Record<string, ApiRoute>;
