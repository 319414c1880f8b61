import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  askConsentSchema,
  clonedVoiceListSchema,
  clonedVoiceSchema,
  cloneVoiceSchema,
  consentStatementSchema,
} from '../../../contract/voice.ts';
import type { ClonedVoices } from '../../features/voices/cloned-voices.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

const byId = z.object({ id: idSchema });
const tags = ['voice'];
const config = { access: 'user', scope: 'chat' } as const;
/** Two minutes of 48 kHz as base64. */
const BODY_LIMIT = 25 * 1024 * 1024;

/** Likenesses of people's voices, with their recorded consent. */
export function clonedVoicesArea(voices: ClonedVoices): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/voice/clones',
      schema: {
        summary: 'One’s own likenesses, and the providers that make them',
        tags,
        response: { 200: clonedVoiceListSchema },
      },
      config,
      handler: ({ actor }) => voices.list(actor),
    });
    app.route({
      method: 'GET',
      url: '/api/voice/clones/statement',
      schema: {
        summary: 'What the person reads aloud to allow a likeness',
        tags,
        querystring: askConsentSchema,
        response: { 200: consentStatementSchema },
      },
      config,
      handler: ({ query }) => voices.statement(query),
    });
    app.route({
      method: 'POST',
      url: '/api/voice/clones',
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Makes a likeness from the recorded consent',
        tags,
        body: cloneVoiceSchema,
        response: { 200: clonedVoiceSchema },
      },
      config,
      handler: ({ actor, body }, reply) => voices.create(actor, body, readerSignal(reply)),
    });
    app.route({
      method: 'GET',
      url: '/api/voice/clones/:id/consent',
      schema: { summary: 'The recorded consent, WAV', tags, params: byId },
      config,
      handler: async ({ actor, params }, reply) =>
        reply
          .type('audio/wav')
          .header('cache-control', 'private, no-store')
          .send(await voices.consent(actor, params.id)),
    });
    app.route({
      method: 'DELETE',
      url: '/api/voice/clones/:id',
      schema: { summary: 'Removes a likeness, at the provider too', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }, reply) => {
        await voices.remove(actor, params.id, readerSignal(reply));
        return { ok: true as const };
      },
    });
  };
}
