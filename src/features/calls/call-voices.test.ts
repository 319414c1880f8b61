import { unbilled } from '../../../tests/support/unbilled.ts';
import { expect, test } from 'vitest';
import type { Conversation } from '../../../contract/conversations.ts';
import type { CharacterVoice } from '../../../contract/voice.ts';
import { createScriptedSpeech, SCRIPTED_VOICE } from '../../models/scripted/scripted-speech.ts';
import { CallVoices } from './call-voices.ts';
import type { CallsContext } from './calls-context.ts';

const { signal } = new AbortController();
const OTHER = 'scripted:other/tone';

/** A room of two, each with a voice of another engine. */
function voicesOf(override: { voice?: CharacterVoice; speed?: number }, { elder = false } = {}) {
  const scripted = createScriptedSpeech();
  const warmed: string[] = [];
  const speech = {
    ...scripted,
    voices: async () => {
      const [voice] = await scripted.voices();
      if (!voice) throw new Error('There is no voice.');
      const engine = { ...voice.engine, ref: 'scripted:other' };
      return [voice, { ...voice, ref: OTHER, engine }];
    },
    speech: async (ref: string) => {
      const { handle, voice } = await scripted.speech(SCRIPTED_VOICE, signal);
      const warm = async () => void warmed.push(ref);
      return { voice, handle: unbilled({ ...handle, ref: ref.slice(0, ref.lastIndexOf('/')), warm }) };
    },
  };
  const context = {
    speech,
    settings: {
      characterVoice: async (_actor: unknown, id: string) => ({
        voice: id === 'mira' ? SCRIPTED_VOICE : OTHER,
        speed: 1,
        pitch: 0,
      }),
      permits: async () => true,
    },
  } as unknown as CallsContext;
  const participants = ['mira', 'tom'].map((id, position) => ({
    id: `seat-${id}`,
    subjectId: id,
    kind: 'character',
    name: id,
    position,
    leftAt: null,
  }));
  const conversation = { id: 'c', character: { id: 'mira', name: 'mira' }, locale: 'en', room: {}, participants };
  const voices = new CallVoices({
    context,
    actor: { userId: 'me' } as never,
    conversation: conversation as unknown as Conversation,
    preferences: { speed: 1.2, elder } as never,
    pronunciations: [],
    bill: { unbilled: 'measurement' },
    override: () => override,
  });
  const sound = async (id: string) => {
    const { ref, speed, pitch } = await voices.voiceOf({ id: `seat-${id}` }, 'en', signal);
    return { ref, speed, pitch };
  };
  return { voices, sound, warmed };
}

test('a speed chosen in the call is that of all who speak, instead of the person’s own', async () => {
  const usual = voicesOf({});
  expect([await usual.sound('mira'), await usual.sound('tom')]).toEqual([
    { ref: SCRIPTED_VOICE, speed: 1.2, pitch: 0 },
    { ref: OTHER, speed: 1.2, pitch: 0 },
  ]);
  const quick = voicesOf({ speed: 1.5 });
  expect([(await quick.sound('mira')).speed, (await quick.sound('tom')).speed]).toEqual([1.5, 1.5]);
});

test('a pitch chosen in the call leaves the character its voice, and the others theirs', async () => {
  const { sound } = voicesOf({ voice: { voice: null, speed: 1, pitch: 3 } });
  expect(await sound('mira')).toEqual({ ref: SCRIPTED_VOICE, speed: 1.2, pitch: 3 });
  expect(await sound('tom')).toEqual({ ref: OTHER, speed: 1.2, pitch: 0 });
});

test('every voice is made ready, the lead’s first, and each speaker is known by its character', async () => {
  const { voices, warmed } = voicesOf({});
  await voices.warm('en', signal);
  expect(warmed).toEqual([SCRIPTED_VOICE, OTHER]);
  expect(await voices.speakerOf('tom')).toEqual({ id: 'seat-tom', name: 'tom' });
  expect(await voices.speakerOf('nobody')).toBeNull();
});
