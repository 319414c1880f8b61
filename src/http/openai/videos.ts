import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { videoFieldsSchema } from '../../../contract/openai/media.ts';
import { sentVideoSchema, videoDeletedSchema, videoSchema } from '../../../contract/openai/media-description.ts';
import type { ForeignIds } from '../../features/platform/media/foreign-ids.ts';
import type { ProviderMedia } from '../../features/platform/media/provider-media.ts';
import { readerSignal } from '../reader-signal.ts';
import { json } from './images.ts';
import { MEDIA_FORM_BYTES, readMediaForm } from './media-form.ts';
import type { OpenAiArea } from './openai-area.ts';
import { parseFields } from './read-form.ts';

const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];
const byId = z.object({ video_id: z.string().max(1000) });

interface VideosOptions {
  media: ProviderMedia;
  ids: ForeignIds;
}

/** `/v1/videos`, at a provider that makes films. Ids are sealed: each reaches their own. */
export function videosArea({ media, ids }: VideosOptions): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/videos',
      bodyLimit: MEDIA_FORM_BYTES,
      schema: { summary: 'Begins a film', tags, consumes: ['multipart/form-data', 'application/json'] },
      config: { ...config, takes: sentVideoSchema, answers: { 200: videoSchema } },
      handler: (request, reply) => begin({ media, ids }, request, reply),
    });
    for (const { method, summary, answer } of [
      { method: 'GET', summary: 'Tells of a film', answer: videoSchema },
      { method: 'DELETE', summary: 'Deletes a film', answer: videoDeletedSchema },
    ] as const) {
      app.route({
        method,
        url: '/videos/:video_id',
        schema: { summary, tags, params: byId },
        config: { ...config, answers: { 200: answer } },
        handler: async ({ actor, params }, reply) => {
          const { providerId, id } = ids.open(params.video_id, { kind: 'video', ownerId: actor.userId });
          const path = `/videos/${encodeURIComponent(id)}`;
          const told = await media.askObject(providerId, { path, init: { method }, signal: readerSignal(reply) });
          return { ...told, id: params.video_id };
        },
      });
    }
    app.route({
      method: 'GET',
      url: '/videos/:video_id/content',
      schema: {
        summary: 'Hands out a film',
        tags,
        params: byId,
        querystring: z.object({ variant: z.enum(['video', 'thumbnail', 'spritesheet']).optional() }),
      },
      config,
      handler: async ({ actor, params, query }, reply) => {
        const { providerId, id } = ids.open(params.video_id, { kind: 'video', ownerId: actor.userId });
        const variant = query.variant === undefined ? '' : `?variant=${query.variant}`;
        const path = `/videos/${encodeURIComponent(id)}/content${variant}`;
        const { response, chunks } = await media.ask(providerId, { path, signal: readerSignal(reply) });
        reply.header('content-type', response.headers.get('content-type') ?? 'video/mp4');
        return reply.send(Readable.from(chunks, { objectMode: false }));
      },
    });
  };
}

async function begin({ media, ids }: VideosOptions, request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const { actor, id: requestId } = request;
  const read = request.isMultipart()
    ? await readMediaForm(request, videoFieldsSchema).then(({ fields, form }) => ({
        fields,
        init: { method: 'POST', body: form },
      }))
    : jsonCall(request.body);
  const { model, seconds } = read.fields;
  const signal = readerSignal(reply);
  const answer = await media.make({
    actor,
    job: 'film',
    kind: 'video',
    model,
    path: '/videos',
    init: read.init,
    estimate: { videoInMs: seconds * 1000 },
    requestId,
    signal,
  });
  if (answer.type === 'stream') return Readable.from(answer.chunks, { objectMode: false });
  const { id } = z.looseObject({ id: z.string() }).parse(answer.body);
  const sealed = ids.seal({ kind: 'video', providerId: answer.providerId, id, ownerId: actor.userId });
  return { ...answer.body, id: sealed };
}

function jsonCall(body: unknown) {
  const fields = parseFields(videoFieldsSchema, body ?? {});
  return { fields, init: json({ ...fields, seconds: String(fields.seconds) }) };
}
