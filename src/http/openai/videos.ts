import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  editVideoSchema,
  extendVideoSchema,
  listFilmsQuerySchema,
  remixVideoSchema,
  videoFieldsSchema,
  type EditVideo,
} from '../../../contract/openai/media.ts';
import {
  sentVideoEditSchema,
  sentVideoExtensionSchema,
  sentVideoSchema,
  videoDeletedSchema,
  videoListSchema,
  videoSchema,
} from '../../../contract/openai/media-description.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { Films } from '../../features/platform/media/films.ts';
import type { HttpApp } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';
import { json } from './images.ts';
import { MEDIA_FORM_BYTES, readMediaForm } from './media-form.ts';
import type { OpenAiArea } from './openai-area.ts';
import { parseFields } from './read-form.ts';

const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];
const byId = z.object({ video_id: z.string().max(1000) });
const consumes = ['multipart/form-data', 'application/json'];
/** As long as a film that somebody sends may be, seconds. */
const LONGEST_SENT = 20;

/** `/v1/videos`, at a provider that makes films. Ids are sealed: each reaches their own. */
export function videosArea(films: Films): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/videos',
      bodyLimit: MEDIA_FORM_BYTES,
      schema: { summary: 'Begins a film', tags, consumes },
      config: { ...config, takes: sentVideoSchema, answers: { 200: videoSchema } },
      handler: async (request, reply) => {
        const { fields, init } = await readFilm(request);
        const { model, seconds } = fields;
        const made = { path: '/videos', init, model, seconds, providerId: null, byAnswer: false };
        return films.begin(callerOf(request, reply), made);
      },
    });
    keptFilmRoutes(app, films);
    remakingRoutes(app, films);
  };
}

function keptFilmRoutes(app: HttpApp, films: Films): void {
  app.route({
    method: 'GET',
    url: '/videos',
    schema: { summary: 'Lists one’s films', tags, querystring: listFilmsQuerySchema },
    config: { ...config, answers: { 200: videoListSchema } },
    handler: (request, reply) => films.list(callerOf(request, reply), request.query),
  });
  app.route({
    method: 'GET',
    url: '/videos/:video_id',
    schema: { summary: 'Tells of a film', tags, params: byId },
    config: { ...config, answers: { 200: videoSchema } },
    handler: (request, reply) => films.read(callerOf(request, reply), request.params.video_id),
  });
  app.route({
    method: 'DELETE',
    url: '/videos/:video_id',
    schema: { summary: 'Deletes a film', tags, params: byId },
    config: { ...config, answers: { 200: videoDeletedSchema } },
    handler: (request, reply) => films.remove(callerOf(request, reply), request.params.video_id),
  });
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
    handler: async (request, reply) => {
      const { params, query } = request;
      const { response, chunks } = await films.content(callerOf(request, reply), params.video_id, query.variant);
      reply.header('content-type', response.headers.get('content-type') ?? 'video/mp4');
      return reply.send(Readable.from(chunks, { objectMode: false }));
    },
  });
}

function remakingRoutes(app: HttpApp, films: Films): void {
  app.route({
    method: 'POST',
    url: '/videos/:video_id/remix',
    bodyLimit: MEDIA_FORM_BYTES,
    schema: { summary: 'Makes a film of a film, told anew', tags, params: byId, consumes },
    config: { ...config, takes: remixVideoSchema, answers: { 200: videoSchema } },
    handler: async (request, reply) => {
      const fields = request.isMultipart()
        ? (await readMediaForm(request, remixVideoSchema)).fields
        : parseFields(remixVideoSchema, request.body ?? {});
      return films.remake(callerOf(request, reply), request.params.video_id, ({ remoteId, seconds }) => ({
        path: `/videos/${encodeURIComponent(remoteId)}/remix`,
        init: json(fields),
        seconds,
        byAnswer: true,
      }));
    },
  });
  app.route({
    method: 'POST',
    url: '/videos/edits',
    bodyLimit: MEDIA_FORM_BYTES,
    schema: { summary: 'Changes a film', tags, consumes },
    config: { ...config, takes: sentVideoEditSchema, answers: { 200: videoSchema } },
    handler: (request, reply) => remake(films, { request, reply, path: '/videos/edits', schema: editVideoSchema }),
  });
  app.route({
    method: 'POST',
    url: '/videos/extensions',
    bodyLimit: MEDIA_FORM_BYTES,
    schema: { summary: 'Goes on with a film', tags, consumes },
    config: { ...config, takes: sentVideoExtensionSchema, answers: { 200: videoSchema } },
    handler: (request, reply) =>
      remake(films, { request, reply, path: '/videos/extensions', schema: extendVideoSchema }),
  });
}

/** Of a film of one's own, or of one that is sent. What is added is billed: an answer tells the whole length. */
async function remake(
  films: Films,
  {
    request,
    reply,
    path,
    schema,
  }: { request: FastifyRequest; reply: FastifyReply; path: string; schema: z.ZodType<EditVideo> },
): Promise<object> {
  const { fields, form } = request.isMultipart()
    ? await readMediaForm(request, schema)
    : { fields: parseFields(schema, request.body ?? {}), form: null };
  const { video, model, seconds, ...rest } = fields;
  const caller = callerOf(request, reply);
  const byAnswer = seconds === undefined;
  if (video) {
    const added = byAnswer ? {} : { seconds: String(seconds) };
    return films.remake(caller, video.id, (film) => ({
      path,
      init: json({ ...rest, ...added, video: { id: film.remoteId } }),
      seconds: seconds ?? film.seconds,
      byAnswer,
    }));
  }
  if (!(form?.get('video') instanceof Blob)) {
    throw new InvalidInputError('video: say the id of a film of yours, or send one in a form', { field: 'video' });
  }
  // It stands there for the choice of the provider alone.
  form.delete('model');
  const init = { method: 'POST', body: form };
  return films.begin(caller, { path, init, model, seconds: seconds ?? LONGEST_SENT, providerId: null, byAnswer });
}

async function readFilm(request: FastifyRequest) {
  if (request.isMultipart()) {
    const { fields, form } = await readMediaForm(request, videoFieldsSchema);
    return { fields, init: { method: 'POST', body: form } };
  }
  const fields = parseFields(videoFieldsSchema, request.body ?? {});
  return { fields, init: json({ ...fields, seconds: String(fields.seconds) }) };
}

function callerOf({ actor, id }: FastifyRequest, reply: FastifyReply) {
  return { actor, requestId: id, signal: readerSignal(reply) };
}
