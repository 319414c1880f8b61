import { buffer } from 'node:stream/consumers';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  createdVoiceSchema,
  listVoiceConsentsQuerySchema,
  renameVoiceConsentSchema,
  voiceConsentDeletedSchema,
  voiceConsentFieldsSchema,
  voiceConsentFormSchema,
  voiceConsentListSchema,
  voiceConsentSchema,
  voiceFieldsSchema,
  voiceFormSchema,
} from '../../../contract/openai/voice-consents.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { VoiceConsents } from '../../features/voices/voice-consents.ts';
import type { HttpApp } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';
import type { OpenAiArea } from './openai-area.ts';
import { readForm } from './read-form.ts';

/** As OpenAI's own limit. */
const RECORDING_BYTES = 10 * 1024 * 1024;
const FORM_BYTES = RECORDING_BYTES + 2 * 1024 * 1024;
const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];
const byId = z.object({ consent_id: z.string().max(200) });

/** `/v1/audio/voice_consents` and `/v1/audio/voices`. */
export function voiceConsentsArea(consents: VoiceConsents): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/audio/voice_consents',
      bodyLimit: FORM_BYTES,
      schema: { summary: 'Keeps the recorded consent to a voice', tags, consumes: ['multipart/form-data'] },
      config: { ...config, takes: voiceConsentFormSchema, answers: { 200: voiceConsentSchema } },
      handler: async (request, reply) => {
        const { fields, bytes } = await readRecording(request, voiceConsentFieldsSchema, 'recording');
        return consents.create(request.actor, { ...fields, bytes, signal: readerSignal(reply) });
      },
    });
    app.route({
      method: 'POST',
      url: '/audio/voices',
      bodyLimit: FORM_BYTES,
      schema: { summary: 'Makes a voice of somebody who consented', tags, consumes: ['multipart/form-data'] },
      config: { ...config, takes: voiceFormSchema, answers: { 200: createdVoiceSchema } },
      handler: async (request, reply) => {
        const { fields, bytes } = await readRecording(request, voiceFieldsSchema, 'audio_sample');
        return consents.createVoice(request.actor, { ...fields, bytes, signal: readerSignal(reply) });
      },
    });
    keptConsentRoutes(app, consents);
  };
}

function keptConsentRoutes(app: HttpApp, consents: VoiceConsents): void {
  app.route({
    method: 'GET',
    url: '/audio/voice_consents',
    schema: { summary: 'Lists one’s consents', tags, querystring: listVoiceConsentsQuerySchema },
    config: { ...config, answers: { 200: voiceConsentListSchema } },
    handler: ({ actor, query }) => consents.list(actor, query),
  });
  app.route({
    method: 'GET',
    url: '/audio/voice_consents/:consent_id',
    schema: { summary: 'Tells of a consent', tags, params: byId },
    config: { ...config, answers: { 200: voiceConsentSchema } },
    handler: ({ actor, params }) => consents.read(actor, params.consent_id),
  });
  app.route({
    method: 'POST',
    url: '/audio/voice_consents/:consent_id',
    schema: { summary: 'Renames a consent', tags, params: byId, body: renameVoiceConsentSchema },
    config: { ...config, answers: { 200: voiceConsentSchema } },
    handler: ({ actor, params, body }) => consents.rename(actor, { id: params.consent_id, label: body.name }),
  });
  app.route({
    method: 'DELETE',
    url: '/audio/voice_consents/:consent_id',
    schema: { summary: 'Deletes a consent', tags, params: byId },
    config: { ...config, answers: { 200: voiceConsentDeletedSchema } },
    handler: ({ actor, params }) => consents.remove(actor, params.consent_id),
  });
}

async function readRecording<T extends z.ZodType>(
  request: FastifyRequest,
  schema: T,
  name: string,
): Promise<{ fields: z.infer<T>; bytes: Uint8Array<ArrayBuffer> }> {
  const sent: Uint8Array<ArrayBuffer>[] = [];
  const fields = await readForm(request, {
    schema,
    maxFileBytes: RECORDING_BYTES,
    take: async (field, _file, bytes) => {
      if (field === name) sent.push(Uint8Array.from(await buffer(bytes)));
    },
  });
  const [bytes] = sent;
  if (bytes) return { fields, bytes };
  throw new InvalidInputError(`${name}: the recording is missing`, { field: name });
}
