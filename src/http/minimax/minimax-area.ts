import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { minimaxFilmSchema, minimaxModelSchema, t2aRequestSchema } from '../../../contract/minimax.ts';
import { chatCompletionRequestSchema } from '../../../contract/openai/chat-completions.ts';
import type { ChatCompletions } from '../../features/platform/chat/chat-completions.ts';
import type { ForeignIds } from '../../features/platform/media/foreign-ids.ts';
import type { MinimaxSpeechDoor } from '../../features/platform/media/minimax-speech-door.ts';
import type { ProviderMedia } from '../../features/platform/media/provider-media.ts';
import { statusOf, toAppError, unknownError } from '../error-handler.ts';
import { json, sendMedia } from '../openai/images.ts';
import type { OpenAiArea } from '../openai/openai-area.ts';
import { sendChunks } from '../openai/send-chunks.ts';
import { readerSignal } from '../reader-signal.ts';
import { toMinimaxError } from './minimax-error.ts';

const config = { access: 'user', scope: 'models' } as const;
const tags = ['minimax'];
const JSON_BYTES = 64 * 1024 * 1024;
const FINE = { status_code: 0, status_msg: '' };
/** Set aside for a song, whose length is known when it is there; milliseconds. */
const LONGEST_SONG_IN_MS = 300_000;

export interface MinimaxOptions {
  chat: ChatCompletions;
  speech: MinimaxSpeechDoor;
  media: ProviderMedia;
  ids: ForeignIds;
}

/** MiniMax's own routes, so that its clients only change the address: speech by any voice, music and films by MiniMax. */
export function minimaxArea(options: MinimaxOptions): OpenAiArea {
  return (outer) => {
    outer.register(async (app: typeof outer) => {
      app.setErrorHandler((error: unknown, request: FastifyRequest, reply) => {
        const known = toAppError(error) ?? unknownError(error, request);
        return reply.code(200).send(toMinimaxError(known, statusOf(known)));
      });
      chatRoutes(app, options);
      speechRoutes(app, options);
      musicRoutes(app, options);
      filmRoutes(app, options);
    });
  };
}

type App = Parameters<OpenAiArea>[0];

/** A chat completion as OpenAI's, in MiniMax's envelope. */
function chatRoutes(app: App, { chat }: MinimaxOptions): void {
  app.route({
    method: 'POST',
    url: '/text/chatcompletion_v2',
    bodyLimit: JSON_BYTES,
    schema: { summary: 'Answers a conversation, in MiniMax’s words', tags, body: chatCompletionRequestSchema },
    config,
    handler: async ({ actor, body, id }, reply) => {
      const call = { actor, request: body, requestId: id, signal: readerSignal(reply) };
      if (body.stream !== true) return reply.send({ ...(await chat.create(call)), base_resp: FINE });
      await sendChunks(reply, await chat.stream(call));
      return reply;
    },
  });
}

function speechRoutes(app: App, { speech }: MinimaxOptions): void {
  app.route({
    method: 'POST',
    url: '/t2a_v2',
    schema: { summary: 'Speaks a text, in MiniMax’s words', tags, body: t2aRequestSchema },
    config,
    handler: async ({ actor, body, id }, reply) => {
      const call = { actor, request: body, requestId: id, signal: readerSignal(reply) };
      if (!body.stream) return reply.send(await speech.create(call));
      const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
      await sendChunks(reply, await speech.stream(call), {
        frame,
        fault: ({ error }) => frame({ base_resp: { status_code: 1000, status_msg: error.message } }),
        end: '',
      });
      return reply;
    },
  });
}

function musicRoutes(app: App, { media }: MinimaxOptions): void {
  app.route({
    method: 'POST',
    url: '/music_generation',
    bodyLimit: JSON_BYTES,
    schema: { summary: 'Makes music, at MiniMax', tags, body: minimaxModelSchema },
    config,
    handler: async ({ actor, body, id }, reply) => {
      const answer = await media.make({
        actor,
        job: 'minimax-music',
        kind: 'music',
        model: body.model,
        path: '/music_generation',
        init: json(body),
        estimate: { audioInMs: LONGEST_SONG_IN_MS },
        usageOf: (made) => ({ audioInMs: songLength(made) }),
        requestId: id,
        signal: readerSignal(reply),
      });
      return sendMedia(reply, answer);
    },
  });
}

function filmRoutes(app: App, { media, ids }: MinimaxOptions): void {
  app.route({
    method: 'POST',
    url: '/video_generation',
    bodyLimit: JSON_BYTES,
    schema: { summary: 'Begins a film, at MiniMax', tags, body: minimaxFilmSchema },
    config,
    handler: async ({ actor, body, id }, reply) => {
      const answer = await media.make({
        actor,
        job: 'minimax-film',
        kind: 'video',
        model: body.model,
        path: '/video_generation',
        init: json(body),
        estimate: { videoInMs: body.duration * 1000 },
        usageOf: (made) => (idOf(made, 'task_id') === null ? { videoInMs: 0 } : {}),
        requestId: id,
        signal: readerSignal(reply),
      });
      if (answer.type === 'stream') return sendMedia(reply, answer);
      const sealed = { kind: 'task', field: 'task_id', providerId: answer.providerId, ownerId: actor.userId } as const;
      return withSealed(ids, answer.body, sealed);
    },
  });
  app.route({
    method: 'GET',
    url: '/query/video_generation',
    schema: { summary: 'Tells of a film at MiniMax', tags, querystring: z.object({ task_id: z.string().max(1000) }) },
    config,
    handler: async ({ actor, query }, reply) => {
      const { providerId, id } = ids.open(query.task_id, { kind: 'task', ownerId: actor.userId });
      const path = `/query/video_generation?task_id=${encodeURIComponent(id)}`;
      const answer = await media.askObject(providerId, { path, signal: readerSignal(reply) });
      const sealed = { kind: 'file', field: 'file_id', providerId, ownerId: actor.userId } as const;
      return { ...withSealed(ids, answer, sealed), task_id: query.task_id };
    },
  });
  app.route({
    method: 'GET',
    url: '/files/retrieve',
    schema: { summary: 'Where a film lies at MiniMax', tags, querystring: z.object({ file_id: z.string().max(1000) }) },
    config,
    handler: async ({ actor, query }, reply) => {
      const { providerId, id } = ids.open(query.file_id, { kind: 'file', ownerId: actor.userId });
      const path = `/files/retrieve?file_id=${encodeURIComponent(id)}`;
      return media.askObject(providerId, { path, signal: readerSignal(reply) });
    },
  });
}

function withSealed(
  ids: ForeignIds,
  body: object,
  { field, ...thing }: { kind: 'task' | 'file'; field: string; providerId: string; ownerId: string },
): object {
  const id = idOf(body, field);
  return id === null ? body : { ...body, [field]: ids.seal({ ...thing, id }) };
}

/** Null where there is none, as before a film is made or where it was refused. */
function idOf(body: object, field: string): string | null {
  const value = Object.entries(body).find(([name]) => name === field)?.[1] as unknown;
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text !== '0' ? text : null;
}

/** As MiniMax tells it, milliseconds; nothing for a song that was not made. */
function songLength(body: object): number {
  const parsed = z.object({ extra_info: z.object({ music_duration: z.number() }) }).safeParse(body);
  return parsed.success ? Math.max(0, Math.round(parsed.data.extra_info.music_duration)) : 0;
}
