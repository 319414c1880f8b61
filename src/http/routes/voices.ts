import { z } from 'zod';
import { idSchema, localeSchema, okSchema, type Locale } from '../../../contract/common.ts';
import {
  callPreferencesSchema,
  characterVoiceSchema,
  prepareVoiceSchema,
  pronunciationListSchema,
  pronunciationSchema,
  savePronunciationSchema,
  speechModelListSchema,
  voiceListSchema,
  voiceReadinessSchema,
} from '../../../contract/voice.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { VoiceSettings } from '../../features/voices/voice-settings.ts';
import type { Voices } from '../../features/voices/voices.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

const byId = z.object({ id: idSchema });
const tags = ['voice'];
const user = { access: 'user', scope: 'chat' } as const;
const owner = { access: 'owner' } as const;

interface Speaking {
  /** Where a request names no language. */
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** What speaks and listens here: voices, whether a call can be held, fetching what it needs. */
export function voicesArea({ voices, localeOf }: Speaking & { voices: Voices }): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/voices',
      schema: { summary: 'Every voice, and those spoken with unasked', tags, response: { 200: voiceListSchema } },
      config: user,
      handler: ({ actor }) => voices.list(actor),
    });
    app.route({
      method: 'GET',
      url: '/api/voice/readiness',
      schema: {
        summary: 'Whether a call in a language can be held, and what is missing',
        tags,
        querystring: z.object({ language: localeSchema.optional() }),
        response: { 200: voiceReadinessSchema },
      },
      config: user,
      handler: async ({ actor, query }, reply) =>
        voices.readiness(query.language ?? (await localeOf(actor)), readerSignal(reply)),
    });
    app.route({
      method: 'POST',
      url: '/api/voice/prepare',
      schema: {
        summary: 'Begins to fetch what calls in a language need',
        tags,
        body: prepareVoiceSchema,
        response: { 200: voiceReadinessSchema },
      },
      config: user,
      handler: ({ actor, body }, reply) => voices.prepare(actor, body.language, readerSignal(reply)),
    });
  };
}

/** The catalog of voices and ears. */
export function speechModelsArea(voices: Voices): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/voice/models',
      schema: { summary: 'Voices and ears as they stand here', tags, response: { 200: speechModelListSchema } },
      config: user,
      handler: async () => ({ models: await voices.models() }),
    });
    app.route({
      method: 'POST',
      url: '/api/voice/models/:id/download',
      schema: { summary: 'Begins a download', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await voices.download(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'DELETE',
      url: '/api/voice/models/:id/download',
      schema: { summary: 'Cancels a download', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await voices.cancel(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'DELETE',
      url: '/api/voice/models/:id',
      schema: { summary: 'Removes its files', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await voices.remove(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/voice/models/:id/verify',
      schema: {
        summary: 'Computes the hashes of its files again',
        tags,
        params: byId,
        response: { 200: z.object({ ok: z.boolean() }) },
      },
      config: owner,
      handler: ({ actor, params }, reply) => voices.verify(actor, params.id, readerSignal(reply)),
    });
  };
}

/** How one person likes to hear: the voice of each character, how calls go, words said in a way of their own. */
export function voiceSettingsArea({ settings, localeOf }: Speaking & { settings: VoiceSettings }): Area {
  const inLanguage = z.object({ locale: localeSchema.optional() });
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters/:id/voice',
      schema: {
        summary: 'How a character sounds to one in a language',
        tags,
        params: byId,
        querystring: inLanguage,
        response: { 200: characterVoiceSchema },
      },
      config: user,
      handler: async ({ actor, params, query }) =>
        settings.characterVoice(actor, params.id, query.locale ?? (await localeOf(actor))),
    });
    app.route({
      method: 'PUT',
      url: '/api/characters/:id/voice',
      schema: {
        summary: 'Chooses how a character sounds to one in a language',
        tags,
        params: byId,
        querystring: inLanguage,
        body: characterVoiceSchema,
        response: { 200: characterVoiceSchema },
      },
      config: user,
      handler: async ({ actor, params, query, body }) =>
        settings.setCharacterVoice(actor, params.id, { locale: query.locale ?? (await localeOf(actor)), voice: body }),
    });
    app.route({
      method: 'GET',
      url: '/api/voice/preferences',
      schema: { summary: 'How one likes to call', tags, response: { 200: callPreferencesSchema } },
      config: user,
      handler: ({ actor }) => settings.preferences(actor),
    });
    app.route({
      method: 'PUT',
      url: '/api/voice/preferences',
      schema: {
        summary: 'Chooses how one likes to call, on every device',
        tags,
        body: callPreferencesSchema,
        response: { 200: callPreferencesSchema },
      },
      config: user,
      handler: ({ actor, body }) => settings.setPreferences(actor, body),
    });
    app.route({
      method: 'GET',
      url: '/api/voice/pronunciations',
      schema: {
        summary: 'Words that are said in a way of their own',
        tags,
        querystring: z.object({ language: localeSchema.optional() }),
        response: { 200: pronunciationListSchema },
      },
      config: user,
      handler: async ({ actor, query }) => ({ pronunciations: await settings.pronunciations(actor, query.language) }),
    });
    app.route({
      method: 'POST',
      url: '/api/voice/pronunciations',
      schema: {
        summary: 'Says how a word is said; one that is there is said the new way',
        tags,
        body: savePronunciationSchema,
        response: { 200: pronunciationSchema },
      },
      config: user,
      handler: ({ actor, body }) => settings.addPronunciation(actor, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/voice/pronunciations/:id',
      schema: { summary: 'Forgets a word', tags, params: byId, response: { 200: okSchema } },
      config: user,
      handler: async ({ actor, params }) => {
        await settings.removePronunciation(actor, params.id);
        return { ok: true as const };
      },
    });
  };
}
