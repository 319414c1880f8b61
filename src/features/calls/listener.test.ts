import { expect, test } from 'vitest';
import type { SpeechDirectory } from '../../models/routing/speech-directory.ts';
import { createScriptedSpeech } from '../../models/scripted/scripted-speech.ts';
import { openListener } from './listener.ts';

test.each([
  ['provider', true],
  ['this-computer', false],
  ['scripted', false],
] as const)('ears of the place %s are asked early: %s', async (place, eager) => {
  const { signal } = new AbortController();
  const scripted = createScriptedSpeech();
  const directory: SpeechDirectory = {
    voices: () => scripted.voices(),
    speech: (voice, asked) => scripted.speech(voice, asked),
    defaultVoice: (language, options) => scripted.defaultVoice(language, options),
    ears: (asked) => scripted.ears(asked),
    transcription: async (language, asked) => {
      const ears = await scripted.transcription(language, asked);
      return { ...ears, place, warm: async () => {}, transcribe: (request) => ears.transcribe(request) };
    },
  };
  expect((await openListener(directory, { language: 'en', signal })).eager).toBe(eager);
});
