import { expect, test } from 'vitest';
import { ACTIVITY_FRAME_SAMPLES, type PcmChunk, type SynthesisRequest } from '../spec/speech-handle.ts';
import { createScriptedSpeech, SCRIPTED_VOICE, type ScriptedSpeech } from './scripted-speech.ts';
import { toTones } from './spoken-tones.ts';

const { signal } = new AbortController();

async function speak(speech: ScriptedSpeech, text: string, more: Partial<SynthesisRequest> = {}): Promise<PcmChunk[]> {
  const { handle, voice } = await speech.speech(SCRIPTED_VOICE, signal);
  const request = { text, language: 'en', voice, speed: 1, pitch: 0, emotion: 'neutral', signal } as const;
  const chunks: PcmChunk[] = [];
  for await (const chunk of handle.synthesize({ ...request, ...more })) chunks.push(chunk);
  return chunks;
}

test('what the voice says is what the ears understand', async () => {
  const speech = createScriptedSpeech({ sampleRate: 16_000 });
  const chunks = await speak(speech, 'The tide turns at six.');
  expect(chunks.length).toBeGreaterThan(5);
  const samples = Float32Array.from(chunks.flatMap((chunk) => [...chunk.samples]));
  const ears = await speech.transcription('en', signal);
  expect(await ears.transcribe({ samples, language: 'en', signal })).toEqual({
    text: 'The tide turns at six.',
    language: 'en',
  });
  expect(speech.spoken).toEqual(['The tide turns at six.']);
});

test('the specification’s own models say and understand the same', async () => {
  const speech = createScriptedSpeech();
  const { handle } = await speech.speech(SCRIPTED_VOICE, signal);
  const { audio } = await handle.speechModel.doGenerate({ text: '早上好' });
  const ears = await speech.transcription(null, signal);
  const heard = await ears.transcriptionModel.doGenerate({ audio, mediaType: 'audio/wav' });
  expect(heard.text).toBe('早上好');
});

test('utterances are late, fail and hang as the script says', async () => {
  const waits: number[] = [];
  const speech = createScriptedSpeech(
    {
      firstChunkInMs: 200,
      chunkDelayInMs: 20,
      utterances: [
        { when: { contains: 'broken' }, failAfterChunks: 0, code: 'voice-broken', retryable: false },
        { when: { contains: 'half' }, failAfterChunks: 2 },
        { when: { contains: 'hang' }, hangAfterChunks: 1, firstChunkInMs: 5 },
      ],
    },
    { wait: async (milliseconds) => void waits.push(milliseconds) },
  );
  await expect(speak(speech, 'broken')).rejects.toMatchObject({ code: 'voice-broken', retryable: false });
  await expect(speak(speech, 'half of a sentence')).rejects.toMatchObject({ code: 'engine-lost' });
  expect(waits).toEqual([200, 20]);
  const stop = new AbortController();
  const hanging = speak(speech, 'hang on a moment', { signal: stop.signal });
  stop.abort(new Error('stop'));
  await expect(hanging).rejects.toThrow('stop');
  expect(waits).toEqual([200, 20, 5]);
});

test('transcripts come from the script, by length and as often as it says', async () => {
  const speech = createScriptedSpeech({
    transcripts: [
      { toInMs: 300, text: 'mhm' },
      { times: 1, text: 'first' },
      { times: 1, fails: true, code: 'ears-lost' },
    ],
  });
  const ears = await speech.transcription('zh', signal);
  const hear = (durationInMs: number) =>
    ears.transcribe({ samples: new Float32Array(durationInMs * 16), language: null, signal });
  expect((await hear(200)).text).toBe('mhm');
  expect((await hear(900)).text).toBe('first');
  await expect(hear(900)).rejects.toMatchObject({ code: 'ears-lost' });
  expect((await hear(900)).text).toBe('');
});

test('somebody speaks where it is loud, and has finished when the script says', async () => {
  const speech = createScriptedSpeech({ turnProbabilities: [0.2, 0.7], turnOtherwise: 0.9 });
  const { turns, createActivity } = await speech.ears(signal);
  const activity = await createActivity();
  const loud = toTones('x', { sampleRate: 16_000, speed: 1 }).subarray(0, ACTIVITY_FRAME_SAMPLES);
  expect(await activity.probability(loud)).toBeGreaterThan(0.5);
  expect(await activity.probability(new Float32Array(ACTIVITY_FRAME_SAMPLES))).toBeLessThan(0.1);
  const asked = [];
  for (let count = 0; count < 3; count += 1) asked.push(await turns.probability(loud, signal));
  expect(asked).toEqual([0.2, 0.7, 0.9]);
});

test('a house without voices says so', async () => {
  const speech = createScriptedSpeech({ hasVoice: false, hasEars: false });
  expect(await speech.defaultVoice('en')).toBeNull();
  await expect(speech.speech(SCRIPTED_VOICE, signal)).rejects.toMatchObject({ code: 'voice-absent' });
  await expect(speech.transcription('en', signal)).rejects.toMatchObject({ code: 'hearing-absent' });
  await expect(speech.ears(signal)).rejects.toMatchObject({ code: 'hearing-absent' });
});
