import { z } from 'zod';
import { linkSchema } from '../../contract/accounts.ts';
import { callListSchema } from '../../contract/calls.ts';
import { okSchema } from '../../contract/common.ts';
import {
  callPreferencesSchema,
  clonedVoiceListSchema,
  clonedVoiceSchema,
  cloneVoiceSchema,
  consentStatementSchema,
  characterVoiceSchema,
  prepareVoiceSchema,
  pronunciationListSchema,
  pronunciationSchema,
  savePronunciationSchema,
  speechModelListSchema,
  voiceListSchema,
  voiceReadinessSchema,
} from '../../contract/voice.ts';
import type { ApiRoute } from '../api-route.ts';

const ok = { response: okSchema };

/** Voices, ears, and how a person likes to hear. */
export const VOICE_ROUTES = {
  voices: { method: 'GET', path: '/api/voices', response: voiceListSchema },
  voiceReadiness: { method: 'GET', path: '/api/voice/readiness', response: voiceReadinessSchema },
  prepareVoice: {
    method: 'POST',
    path: '/api/voice/prepare',
    body: prepareVoiceSchema,
    response: voiceReadinessSchema,
  },
  speechModels: { method: 'GET', path: '/api/voice/models', response: speechModelListSchema },
  downloadSpeechModel: { method: 'POST', path: '/api/voice/models/:id/download', ...ok },
  cancelSpeechDownload: { method: 'DELETE', path: '/api/voice/models/:id/download', ...ok },
  removeSpeechModel: { method: 'DELETE', path: '/api/voice/models/:id', ...ok },
  verifySpeechModel: {
    method: 'POST',
    path: '/api/voice/models/:id/verify',
    response: z.object({ ok: z.boolean() }),
  },
  clonedVoices: { method: 'GET', path: '/api/voice/clones', response: clonedVoiceListSchema },
  consentStatement: { method: 'GET', path: '/api/voice/clones/statement', response: consentStatementSchema },
  cloneVoice: { method: 'POST', path: '/api/voice/clones', body: cloneVoiceSchema, response: clonedVoiceSchema },
  removeClonedVoice: { method: 'DELETE', path: '/api/voice/clones/:id', ...ok },
  conversationCalls: { method: 'GET', path: '/api/conversations/:id/calls', response: callListSchema },
  createCallLink: { method: 'POST', path: '/api/conversations/:id/call-links', response: linkSchema },
  characterVoice: { method: 'GET', path: '/api/characters/:id/voice', response: characterVoiceSchema },
  chooseCharacterVoice: {
    method: 'PUT',
    path: '/api/characters/:id/voice',
    body: characterVoiceSchema,
    response: characterVoiceSchema,
  },
  callPreferences: { method: 'GET', path: '/api/voice/preferences', response: callPreferencesSchema },
  saveCallPreferences: {
    method: 'PUT',
    path: '/api/voice/preferences',
    body: callPreferencesSchema,
    response: callPreferencesSchema,
  },
  pronunciations: { method: 'GET', path: '/api/voice/pronunciations', response: pronunciationListSchema },
  addPronunciation: {
    method: 'POST',
    path: '/api/voice/pronunciations',
    body: savePronunciationSchema,
    response: pronunciationSchema,
  },
  removePronunciation: { method: 'DELETE', path: '/api/voice/pronunciations/:id', ...ok },
} as const satisfies Record<string, ApiRoute>;
