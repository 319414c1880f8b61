import { embeddingRequestSchema, embeddingResponseSchema } from '../../../contract/openai/embeddings.ts';
import type { PlatformEmbeddings } from '../../features/platform/embeddings/platform-embeddings.ts';
import { readerSignal } from '../reader-signal.ts';
import type { OpenAiArea } from './openai-area.ts';

/** Bytes; many texts travel in one request. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** `POST /v1/embeddings`. */
export function platformEmbeddingsArea(embeddings: PlatformEmbeddings): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/embeddings',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Turns texts into vectors', tags: ['openai'], body: embeddingRequestSchema },
      config: { access: 'user', scope: 'models', answers: { 200: embeddingResponseSchema } },
      handler: ({ actor, body, id }, reply) =>
        embeddings.create({ actor, request: body, requestId: id, signal: readerSignal(reply) }),
    });
  };
}
