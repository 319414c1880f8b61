import type { TranscriptionModelV4 } from '@ai-sdk/provider';
import { z } from 'zod';
import { encodeWav } from '../../../base/audio/wav.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { createProviderFetch } from '../../remote/provider-fetch.ts';
import { requireKey } from '../../remote/create-language-model.ts';
import { timeoutError, toProviderError } from '../../remote/provider-errors.ts';
import { providerBaseUrl, providerName } from '../../remote/provider-kinds.ts';
import { HEARING_SAMPLE_RATE, type TranscriptionHandle } from '../../spec/speech-handle.ts';
import type { HeardTokens } from '../../spec/heard-tokens.ts';
import type { RemoteSpeechOptions } from './provider-call.ts';

/** Milliseconds for a transcript, and as much again per second of audio. */
const LIMIT_IN_MS = 15_000;
const LIMIT_PER_SECOND_IN_MS = 500;
/** Whisper's languages that people of this house are likeliest to speak; ISO 639-1. */
const LANGUAGES = [
  'en',
  'zh',
  'es',
  'fr',
  'de',
  'it',
  'pt',
  'nl',
  'pl',
  'ru',
  'uk',
  'ja',
  'ko',
  'ar',
  'hi',
  'tr',
  'vi',
  'id',
  'th',
  'sv',
  'da',
  'fi',
  'no',
  'cs',
  'el',
  'he',
  'hu',
  'ro',
];

/**
 * A provider's ears: `POST /audio/transcriptions`, OpenAI's or any server's that has it. Throws as `createRemoteSpeech`
 * does, and `hearing-not-offered`.
 */
export function createRemoteTranscription(options: RemoteSpeechOptions): TranscriptionHandle {
  const { provider, model } = options;
  if (provider.kind !== 'openai' && provider.kind !== 'openai-compatible') {
    throw new InvalidInputError(`${providerName(provider)} does not listen. Choose OpenAI or a compatible server.`, {
      code: 'hearing-not-offered',
    });
  }
  const transcriptionModel = createModel(options);
  return {
    ref: `${provider.id}:${model}`,
    label: `${providerName(provider)} · ${model}`,
    place: 'provider',
    languages: LANGUAGES,
    transcriptionModel,
    transcribe: async ({ samples, language, signal }) => {
      const result = await transcriptionModel.doGenerate({
        audio: encodeWav({ samples, sampleRate: HEARING_SAMPLE_RATE }),
        mediaType: 'audio/wav',
        abortSignal: signal,
        ...(language === null ? {} : { providerOptions: { openai: { language } } }),
      });
      const tokens = tokensOf(result.response.body);
      return { text: result.text.trim(), language: result.language ?? language, ...(tokens && { tokens }) };
    },
    warm: async (signal) => {
      signal.throwIfAborted();
      requireKey(provider);
    },
  };
}

/** `TranscriptTextUsageTokens` of OpenAI's description; those who bill by time say none. */
const answerSchema = z.object({
  usage: z.object({
    type: z.literal('tokens'),
    input_tokens: z.int().nonnegative(),
    input_token_details: z
      .object({ text_tokens: z.int().nonnegative().default(0), audio_tokens: z.int().nonnegative().default(0) })
      .optional(),
    output_tokens: z.int().nonnegative(),
  }),
});

function tokensOf(answer: unknown): HeardTokens | null {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) return null;
  const { input_tokens: input, input_token_details: details, output_tokens: output } = parsed.data.usage;
  const inputText = details?.text_tokens ?? 0;
  return { input, inputText, inputAudio: details?.audio_tokens ?? input - inputText, output };
}

function createModel({ provider, model, fetch, firstAudioInMs }: RemoteSpeechOptions): TranscriptionModelV4 {
  return {
    specificationVersion: 'v4',
    provider: provider.kind,
    modelId: model,
    doGenerate: async (call) => {
      const bytes = typeof call.audio === 'string' ? (call.audio.length * 3) / 4 : call.audio.length;
      const seconds = bytes / (HEARING_SAMPLE_RATE * 2);
      const limitInMs = Math.round((firstAudioInMs ?? LIMIT_IN_MS) + seconds * LIMIT_PER_SECOND_IN_MS);
      const limit = AbortSignal.timeout(limitInMs);
      try {
        const { createOpenAI } = await import('@ai-sdk/openai');
        const client = createOpenAI({
          baseURL: providerBaseUrl(provider),
          apiKey: requireKey(provider) || 'none',
          fetch: createProviderFetch(provider, fetch),
        });
        const abortSignal = call.abortSignal ? AbortSignal.any([call.abortSignal, limit]) : limit;
        return await client.transcription(model).doGenerate({ ...call, abortSignal });
      } catch (error) {
        call.abortSignal?.throwIfAborted();
        if (limit.aborted) throw timeoutError(provider, limitInMs);
        throw toProviderError(provider, error);
      }
    },
  };
}
