import { expect, test } from 'vitest';
import { encodeWav } from '../../../base/audio/wav.ts';
import { createLocalTranscriptionModel, type LocalTranscriptionOptions } from './local-transcription-model.ts';

type Request = Parameters<LocalTranscriptionOptions['transcribe']>[0];

function ears() {
  const asked: Request[] = [];
  const model = createLocalTranscriptionModel({
    modelId: 'ears',
    maxSeconds: 10,
    transcribe: async (request) => {
      asked.push(request);
      const pieces = [
        { text: 'Hello.', startInSeconds: 0, endInSeconds: 1 },
        { text: '', startInSeconds: 1, endInSeconds: 2 },
      ];
      return { text: 'Hello.', language: 'en', pieces };
    },
  });
  return { model, asked };
}

const wav = encodeWav({ samples: new Float32Array(48_000).fill(0.25), sampleRate: 24_000 });

test('a WAV of any rate is heard at 16 kHz, with its duration and segments', async () => {
  const { model, asked } = ears();
  const result = await model.doGenerate({ audio: wav, mediaType: 'audio/wav; codecs=1' });
  expect(asked[0]?.samples).toHaveLength(32_000);
  expect(asked[0]?.language).toBeNull();
  expect(result).toMatchObject({
    text: 'Hello.',
    language: 'en',
    durationInSeconds: 2,
    segments: [{ text: 'Hello.', startSecond: 0, endSecond: 1 }],
    warnings: [],
  });
});

test('base64, a mislabelled WAV and a language are understood; word times are announced as missing', async () => {
  const { model, asked } = ears();
  const result = await model.doGenerate({
    audio: Buffer.from(wav).toString('base64'),
    mediaType: 'application/octet-stream',
    timestampGranularities: ['word', 'segment'],
    providerOptions: { everwith: { language: 'zh' } },
  });
  expect(asked[0]?.language).toBe('zh');
  expect(result.warnings).toHaveLength(1);
});

test.each([
  ['audio/webm', Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3), 'this is audio/webm. Convert it to WAV'],
  ['audio/wav', wav.subarray(0, 60), 'cut off'],
  ['audio/wav', encodeWav({ samples: new Float32Array(16_000 * 11), sampleRate: 16_000 }), 'longer than 10 seconds'],
])('%s that cannot be read is refused by name', async (mediaType, audio, message) => {
  const { model, asked } = ears();
  await expect(async () => model.doGenerate({ audio, mediaType })).rejects.toThrow(message);
  expect(asked).toEqual([]);
});
