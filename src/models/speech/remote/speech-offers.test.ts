import { describe, expect, test } from 'vitest';
import { isSpeechModel, speechOffer } from './speech-offers.ts';

describe('what a provider speaks and listens with', () => {
  test.each([
    ['openai', [], ['gpt-4o-mini-tts'], ['gpt-4o-mini-transcribe']],
    ['openai', ['gpt-5', 'tts-1-hd', 'whisper-1'], ['tts-1-hd'], ['whisper-1']],
    ['minimax', ['MiniMax-M2'], ['speech-2.6-turbo', 'speech-2.6-hd'], []],
    [
      'openai-compatible',
      ['qwen3', 'kokoro', 'Systran/faster-whisper-small'],
      ['kokoro'],
      ['Systran/faster-whisper-small'],
    ],
    ['openai-compatible', ['qwen3'], [], []],
    ['anthropic', ['claude-tts'], [], []],
  ] as const)('%s with %j', (kind, models, speech, hearing) => {
    expect(speechOffer({ kind, models })).toEqual({ speech, hearing });
  });

  test.each([
    ['gpt-4o', false],
    ['deepseek-chat', false],
    ['kokoro', true],
    ['gpt-4o-mini-transcribe', true],
  ])('%s: %j', (model, expected) => {
    expect(isSpeechModel(model)).toBe(expected);
  });
});
