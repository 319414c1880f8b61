import { Readable } from 'node:stream';
import { z } from 'zod';
import { callListSchema, transcriptionSchema } from '../../../contract/calls.ts';
import { idSchema } from '../../../contract/common.ts';
import { sentMessageSchema } from '../../../contract/messages.ts';
import { pcm16Bytes } from '../../base/audio/pcm16.ts';
import { openWavHeader } from '../../base/audio/wav.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { Calls } from '../../features/calls/calls.ts';
import type { Recordings } from '../../features/calls/recordings.ts';
import type { SpokenWords } from '../../features/calls/spoken-words.ts';
import { SPEAKING_SAMPLE_RATE } from '../../voice/voice-ports.ts';
import type { Area, HttpApp } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

const byId = z.object({ id: idSchema });
const voiceMessageQuery = z.object({
  clientId: idSchema,
  /** `0` keeps the message without asking for a reply. */
  reply: z.enum(['0', '1']).default('1'),
});
const transcriptionQuery = z.object({
  /** ISO 639-1; absent lets the ears find out, where they can. */
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
});
const tags = ['speech'];
const config = { access: 'user', scope: 'chat' } as const;
const WAV = ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'];
/** Five minutes at 48 kHz, 16 bits, mono. */
const WAV_LIMIT = 32 * 1024 * 1024;
/** Recordings a minute of one person: each keeps the ears busy for a while. */
const RECORDINGS_A_MINUTE = 60;
/** Messages read aloud a minute of one person. */
const READINGS_A_MINUTE = 120;

export interface SpokenWordsAreaOptions {
  calls: Calls;
  recordings: Recordings;
  spokenWords: SpokenWords;
}

/** Speech outside of calls, and what is kept of calls. */
export function spokenWordsArea(options: SpokenWordsAreaOptions): Area {
  return (app) => {
    app.addContentTypeParser(WAV, { parseAs: 'buffer', bodyLimit: WAV_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    addListening(app, options);
    addSpeaking(app, options);
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/calls',
      schema: {
        summary: 'Calls of a conversation, newest first',
        tags,
        params: byId,
        response: { 200: callListSchema },
      },
      config,
      handler: async ({ actor, params }) => ({ calls: await options.calls.history(actor, params.id) }),
    });
  };
}

function addSpeaking(app: HttpApp, { spokenWords, recordings }: SpokenWordsAreaOptions): void {
  app.route({
    method: 'GET',
    url: '/api/messages/:id/speech',
    schema: { summary: 'A message in its character’s voice, as a WAV file that begins at once', tags, params: byId },
    config: { ...config, guests: true },
    preHandler: app.limitCalls({ max: READINGS_A_MINUTE, key: ({ actor }) => `read-aloud:${actor.userId}` }),
    handler: async ({ actor, params }, reply) => {
      const sound = await spokenWords.readAloud(actor, params.id, readerSignal(reply));
      return reply
        .type('audio/wav')
        .header('cache-control', 'no-store')
        .send(Readable.from(toWav(sound)));
    },
  });
  app.route({
    method: 'GET',
    url: '/api/messages/:id/recording',
    schema: { summary: 'What was said, as it was recorded', tags, params: byId },
    config,
    handler: async ({ actor, params }, reply) => {
      const { bytes, mediaType } = await recordings.read(actor, params.id);
      return reply
        .type(mediaType)
        .header('cache-control', 'private, max-age=3600')
        .header('content-length', bytes.length)
        .send(bytes);
    },
  });
}

function addListening(app: HttpApp, { spokenWords }: SpokenWordsAreaOptions): void {
  const preHandler = app.limitCalls({ max: RECORDINGS_A_MINUTE, key: ({ actor }) => `hear:${actor.userId}` });
  app.route({
    method: 'POST',
    url: '/api/conversations/:id/voice-messages',
    bodyLimit: WAV_LIMIT,
    schema: {
      summary: 'Says something aloud; the body is a WAV file of at most five minutes',
      consumes: WAV,
      tags,
      params: byId,
      querystring: voiceMessageQuery,
      response: { 200: sentMessageSchema },
    },
    config,
    preHandler,
    handler: ({ actor, params, query, body }, reply) =>
      spokenWords.sendVoiceMessage(actor, {
        conversationId: params.id,
        clientId: query.clientId,
        reply: query.reply === '1',
        file: wavBody(body),
        signal: readerSignal(reply),
      }),
  });
  app.route({
    method: 'POST',
    url: '/api/transcriptions',
    bodyLimit: WAV_LIMIT,
    schema: {
      summary: 'What was said; the body is a WAV file of at most five minutes',
      consumes: WAV,
      tags,
      querystring: transcriptionQuery,
      response: { 200: transcriptionSchema },
    },
    config,
    preHandler,
    handler: ({ actor, query, body }, reply) =>
      spokenWords.transcribe(actor, {
        file: wavBody(body),
        language: query.language ?? null,
        signal: readerSignal(reply),
      }),
  });
}

function wavBody(body: unknown): Uint8Array {
  if (Buffer.isBuffer(body)) return body;
  throw new InvalidInputError('Send the bytes of a WAV file, as audio/wav.', { code: 'body-type', field: 'body' });
}

async function* toWav(sound: AsyncGenerator<Int16Array>): AsyncGenerator<Uint8Array> {
  yield openWavHeader(SPEAKING_SAMPLE_RATE);
  for await (const pcm of sound) yield pcm16Bytes(pcm);
}
