import { embeddingRequestSchema, embeddingResponseSchema } from '../../../contract/openai/embeddings.ts';
import type { PlatformEmbeddings } from '../../features/platform/embeddings/platform-embeddings.ts';
import type { RelayedAnswers } from '../../features/platform/relay/relayed-answers.ts';
import type { TargetListener } from '../../features/platform/target-listener.ts';
import { readerSignal } from '../reader-signal.ts';
import type { OpenAiArea } from './openai-area.ts';
import { relayHeaders, sendRelayed } from './send-relayed.ts';

/** Bytes; many texts travel in one request. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** `POST /v1/embeddings`. */
export function platformEmbeddingsArea({
  platformEmbeddings: embeddings,
  relayedAnswers: relayed,
}: {
  platformEmbeddings: PlatformEmbeddings;
  relayedAnswers: RelayedAnswers;
}): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/embeddings',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Turns texts into vectors', tags: ['openai'], body: embeddingRequestSchema },
      config: { access: 'user', scope: 'models', answers: { 200: embeddingResponseSchema } },
      handler: async ({ actor, body, id }, reply) => {
        const signal = readerSignal(reply);
        const path = '/embeddings' as const;
        const request = { actor, path, kind: 'embedding', body, raw: null, requestId: id, signal } as const;
        const plan = await relayed.plan(request);
        if (plan) return sendRelayed(reply, await relayed.answer(request, plan));
        const onTarget: TargetListener = (target) => void reply.headers(relayHeaders(target));
        return reply.send(await embeddings.create({ actor, request: body, requestId: id, onTarget, signal }));
      },
    });
  };
}
