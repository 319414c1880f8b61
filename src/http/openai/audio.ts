import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  speechEventSchema,
  speechRequestSchema,
  transcriptionEventSchema,
  transcriptionFieldsSchema,
  transcriptionFormSchema,
  transcriptionSchema,
  translationFieldsSchema,
  translationFormSchema,
} from '../../../contract/openai/audio.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { PlatformSpeech } from '../../features/platform/audio/speech.ts';
import type {
  RecordingCall,
  TranscriptionAnswer,
  Transcriptions,
} from '../../features/platform/audio/transcriptions.ts';
import { SOUND_TYPES } from '../../models/speech/codecs/sound-encoder.ts';
import { readerSignal } from '../reader-signal.ts';
import type { OpenAiArea } from './openai-area.ts';
import { readForm } from './read-form.ts';
import { sendChunks } from './send-chunks.ts';

/** As OpenAI's own limit. */
const RECORDING_BYTES = 25 * 1024 * 1024;
const FORM_BYTES = RECORDING_BYTES + 2 * 1024 * 1024;
const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];

/** `POST /v1/audio/…`. */
export function audioArea({
  speech,
  transcriptions,
}: {
  speech: PlatformSpeech;
  transcriptions: Transcriptions;
}): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/audio/speech',
      schema: { summary: 'Speaks a text', tags, body: speechRequestSchema },
      config: { ...config, events: speechEventSchema },
      handler: async ({ actor, body, id }, reply) => {
        const spoken = await speech.speak({ actor, request: body, requestId: id, signal: readerSignal(reply) });
        reply.header('x-everwith-model', spoken.voice.model);
        // Names of voices may hold what no header does.
        reply.header('x-everwith-voice', encodeURI(spoken.voice.ref));
        if (body.stream_format === 'sse') {
          await sendChunks(reply, speech.events(spoken));
          return reply;
        }
        reply.header('content-type', spoken.format === 'aac' ? 'audio/aac' : SOUND_TYPES[spoken.format]);
        return reply.send(Readable.from(speech.encode(spoken), { objectMode: false }));
      },
    });
    app.route({
      method: 'POST',
      url: '/audio/transcriptions',
      bodyLimit: FORM_BYTES,
      schema: { summary: 'Writes down a recording', tags, consumes: ['multipart/form-data'] },
      config: {
        ...config,
        takes: transcriptionFormSchema,
        answers: { 200: transcriptionSchema },
        events: transcriptionEventSchema,
      },
      handler: async (request, reply) => {
        const call = await readCall(request, reply, transcriptionFieldsSchema);
        if (!call.fields.stream) return send(reply, await transcriptions.transcribe(call));
        await sendChunks(reply, await transcriptions.stream(call));
        return reply;
      },
    });
    app.route({
      method: 'POST',
      url: '/audio/translations',
      bodyLimit: FORM_BYTES,
      schema: { summary: 'Writes down a recording in English', tags, consumes: ['multipart/form-data'] },
      config: { ...config, takes: translationFormSchema, answers: { 200: transcriptionSchema } },
      handler: async (request, reply) => {
        const call = await readCall(request, reply, translationFieldsSchema);
        return send(reply, await transcriptions.translate(call));
      },
    });
  };
}

function send(reply: FastifyReply, answer: TranscriptionAnswer): FastifyReply {
  return 'json' in answer ? reply.send(answer.json) : reply.header('content-type', answer.type).send(answer.text);
}

async function readCall<T extends z.ZodType>(
  request: FastifyRequest,
  reply: FastifyReply,
  schema: T,
): Promise<RecordingCall<z.infer<T>>> {
  let file: Uint8Array | null = null;
  const fields = await readForm(request, {
    schema,
    maxFileBytes: RECORDING_BYTES,
    take: async (field, _file, bytes) => {
      if (field === 'file') file = await buffer(bytes);
    },
  });
  if (file === null) throw new InvalidInputError('file: the recording is missing', { field: 'file' });
  return { actor: request.actor, file, fields, requestId: request.id, signal: readerSignal(reply) };
}
