import type { SpeechModelV4 } from '@ai-sdk/provider';
import { encodeWav } from '../../../base/audio/wav.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { createProviderFetch } from '../../remote/provider-fetch.ts';
import { requireKey } from '../../remote/create-language-model.ts';
import { toProviderError } from '../../remote/provider-errors.ts';
import { providerBaseUrl, providerName } from '../../remote/provider-kinds.ts';
import type { PcmChunk, SpeechHandle, SynthesisRequest } from '../../spec/speech-handle.ts';
import { followedTones } from '../speaking/tone.ts';
import { minimaxEmotions, synthesizeMinimax } from './minimax-speech.ts';
import { synthesizeOpenai } from './openai-speech.ts';
import type { RemoteSpeechOptions } from './provider-call.ts';

/**
 * A provider's voice. Speaks while it is made; aborting stops the provider too. Throws `UnavailableError`
 * (`provider-auth`, `provider-credit`, `provider-timeout`, `provider-cut-off` …), `RateLimitedError`, and
 * `InvalidInputError` (`voice-unknown`; `speech-not-offered` for kinds of providers that do not speak).
 */
export function createRemoteSpeech(options: RemoteSpeechOptions): SpeechHandle {
  const { provider, model } = options;
  const synthesize = synthesizerOf(options);
  return {
    ref: `${provider.id}:${model}`,
    label: `${providerName(provider)} · ${model}`,
    place: 'provider',
    emotions: provider.kind === 'minimax' ? minimaxEmotions(model) : followedTones,
    speechModel: provider.kind === 'minimax' ? wholeSpeech(options, synthesize) : openaiSpeechModel(options),
    synthesize,
    warm: async (signal) => {
      signal.throwIfAborted();
      requireKey(provider);
    },
  };
}

function synthesizerOf(options: RemoteSpeechOptions): (request: SynthesisRequest) => AsyncGenerator<PcmChunk> {
  switch (options.provider.kind) {
    case 'openai':
    case 'openai-compatible':
      return (request) => synthesizeOpenai(options, request);
    case 'minimax':
      return (request) => synthesizeMinimax(options, request);
    case 'anthropic':
    case 'google':
    case 'deepseek':
    case 'ollama':
  }
  throw new InvalidInputError(
    `${providerName(options.provider)} does not speak. Choose OpenAI, MiniMax or a compatible server.`,
    { code: 'speech-not-offered' },
  );
}

/** The ecosystem's own client: any format the provider knows. */
function openaiSpeechModel({ provider, model, fetch }: RemoteSpeechOptions): SpeechModelV4 {
  return {
    specificationVersion: 'v4',
    provider: provider.kind,
    modelId: model,
    doGenerate: async (call) => {
      try {
        const { createOpenAI } = await import('@ai-sdk/openai');
        const client = createOpenAI({
          baseURL: providerBaseUrl(provider),
          apiKey: requireKey(provider) || 'none',
          fetch: createProviderFetch(provider, fetch),
        });
        return await client.speech(model).doGenerate(call);
      } catch (error) {
        call.abortSignal?.throwIfAborted();
        throw toProviderError(provider, error);
      }
    },
  };
}

function wholeSpeech(
  { provider, model }: RemoteSpeechOptions,
  synthesize: (request: SynthesisRequest) => AsyncGenerator<PcmChunk>,
): SpeechModelV4 {
  return {
    specificationVersion: 'v4',
    provider: provider.kind,
    modelId: model,
    doGenerate: async ({ text, voice = '', language = 'auto', speed = 1, abortSignal }) => {
      const signal = abortSignal ?? new AbortController().signal;
      const parts: Float32Array[] = [];
      let sampleRate = 24_000;
      for await (const chunk of synthesize({ text, voice, language, speed, pitch: 0, emotion: 'neutral', signal })) {
        parts.push(chunk.samples);
        sampleRate = chunk.sampleRate;
      }
      const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        samples.set(part, at);
        at += part.length;
      }
      return {
        audio: encodeWav({ samples, sampleRate }),
        warnings: [],
        response: { timestamp: new Date(), modelId: model },
      };
    },
  };
}
