import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { imageFieldsSchema, imageRequestSchema, moderationRequestSchema } from '../../../contract/openai/media.ts';
import {
  imageEditFormSchema,
  imageEventSchema,
  imagesAnswerSchema,
  imageVariationFormSchema,
  moderationSchema,
  sentImageSchema,
  sentModerationSchema,
} from '../../../contract/openai/media-description.ts';
import type { MediaAnswer, ProviderMedia } from '../../features/platform/media/provider-media.ts';
import { readerSignal } from '../reader-signal.ts';
import { MEDIA_FORM_BYTES, readMediaForm } from './media-form.ts';
import type { OpenAiArea } from './openai-area.ts';

const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];
const pictures = { answers: { 200: imagesAnswerSchema }, events: imageEventSchema };
const JSON_BYTES = 64 * 1024 * 1024;

/** `/v1/images/…` and `/v1/moderations`, at a provider that does them. */
export function imagesArea(media: ProviderMedia): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/images/generations',
      schema: { summary: 'Makes pictures', tags, body: imageRequestSchema },
      config: { ...config, takes: sentImageSchema, ...pictures },
      handler: async ({ actor, body, id }, reply) => {
        const { model, n } = body;
        const call = {
          actor,
          job: 'picture',
          kind: 'image',
          model,
          requestId: id,
          signal: readerSignal(reply),
        } as const;
        const estimate = { images: n ?? 1 };
        const answer = await media.make({ ...call, path: '/images/generations', init: json(body), estimate, usageOf });
        return sendMedia(reply, answer);
      },
    });
    const changes = [
      { path: '/images/edits', described: { takes: imageEditFormSchema, ...pictures } },
      {
        path: '/images/variations',
        described: { takes: imageVariationFormSchema, answers: { 200: imagesAnswerSchema } },
      },
    ] as const;
    for (const { path, described } of changes) {
      app.route({
        method: 'POST',
        url: path,
        bodyLimit: MEDIA_FORM_BYTES,
        schema: { summary: 'Changes pictures', tags, consumes: ['multipart/form-data'] },
        config: { ...config, ...described },
        handler: async (request, reply) => {
          const { fields, form } = await readMediaForm(request, imageFieldsSchema);
          const { actor, id } = request;
          const signal = readerSignal(reply);
          const call = { actor, job: 'picture', kind: 'image', model: fields.model, requestId: id, signal } as const;
          const init = { method: 'POST', body: form };
          const answer = await media.make({ ...call, path, init, estimate: { images: fields.n ?? 1 }, usageOf });
          return sendMedia(reply, answer);
        },
      });
    }
    moderationRoute(app, media);
  };
}

function moderationRoute(app: Parameters<OpenAiArea>[0], media: ProviderMedia): void {
  app.route({
    method: 'POST',
    url: '/moderations',
    bodyLimit: JSON_BYTES,
    schema: { summary: 'Judges texts and pictures', tags, body: moderationRequestSchema },
    config: { ...config, takes: sentModerationSchema, answers: { 200: moderationSchema } },
    handler: async ({ actor, body, id }, reply) => {
      const signal = readerSignal(reply);
      const call = {
        actor,
        job: 'moderation',
        kind: 'moderation',
        model: body.model,
        requestId: id,
        signal,
      } as const;
      return sendMedia(reply, await media.make({ ...call, path: '/moderations', init: json(body), estimate: {} }));
    },
  });
}

export function json(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function sendMedia(reply: FastifyReply, answer: MediaAnswer): FastifyReply {
  if (answer.type === 'whole') return reply.send(answer.body);
  return reply.header('content-type', answer.contentType).send(Readable.from(answer.chunks, { objectMode: false }));
}

/** As many pictures as came, and tokens where the model is billed by them. */
function usageOf(body: object): { images?: number; inputTokens?: number; outputTokens?: number } {
  const { data, usage } = body as { data?: unknown; usage?: { input_tokens?: unknown; output_tokens?: unknown } };
  const count = (value: unknown) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0);
  return {
    ...(Array.isArray(data) ? { images: data.length } : {}),
    inputTokens: count(usage?.input_tokens),
    outputTokens: count(usage?.output_tokens),
  };
}
