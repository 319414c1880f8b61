import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateSpeech } from '../../scripts/test-run/ensure-weights.ts';
import { errorRate } from '../../scripts/call-timeline/error-rate.ts';
import { AbortedError } from '../../src/base/errors.ts';
import type { Recognizer } from '../../src/models/speech/hearing/recognizer.ts';
import { createWhisperRecognizer } from '../../src/models/speech/hearing/whisper-onnx.ts';
import { canSpeak, noise, silence, speak } from '../support/test-speech.ts';

const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes('whisper-base');
const never = new AbortController().signal;

describe.skipIf(!ready)('Whisper base, converted from its package (weights: whisper-base)', () => {
  let whisper: Recognizer;
  beforeAll(async () => {
    const { model = '' } = await locateSpeech('whisper-base');
    whisper = await createWhisperRecognizer({ model }, { threads: 2 });
  });
  afterAll(() => whisper.dispose());

  test.each(['en', 'zh', null])('silence is no words (%s)', async (language) => {
    expect((await whisper.transcribe(silence(2), { language, signal: never })).text).toBe('');
  });

  test('a sound of a few milliseconds is nothing', async () => {
    expect(await whisper.transcribe(new Float32Array(200).fill(0.5), { language: 'zh', signal: never })).toEqual({
      text: '',
      language: 'zh',
    });
  });

  describe.skipIf(!canSpeak)('with espeak-ng and sox', () => {
    const sentence = 'Hello, how are you today? I would like to hear a story about the sea.';

    test('a sentence is heard word for word, and its language found', async () => {
      const samples = await speak(sentence);
      const heard = await whisper.transcribe(samples, { language: 'en', signal: never });
      expect(heard.language).toBe('en');
      // One word of fifteen may be heard otherwise: processors differ in the last digits.
      expect(errorRate({ expected: sentence, found: heard.text, byCharacter: false }), heard.text).toBeLessThan(0.1);
      expect((await whisper.transcribe(samples, { language: null, signal: never })).language).toBe('en');
    });

    test.each(['en', 'zh', null])('noise is no words (%s)', async (language) => {
      const samples = await noise(2, 'pinknoise', -30);
      expect((await whisper.transcribe(samples, { language, signal: never })).text).toBe('');
    });

    test('it stops between two tokens', async () => {
      const samples = await speak(sentence);
      const stop = new AbortController();
      const heard = whisper.transcribe(samples, { language: 'en', signal: stop.signal });
      stop.abort();
      await expect(heard).rejects.toBeInstanceOf(AbortedError);
    });
  });
});
