import { joinSamples } from '../../../base/audio/join-samples.ts';
import type { SpeechModelV4, SpeechModelV4CallOptions, SpeechModelV4Result } from '@ai-sdk/provider';
import { encodeWav } from '../../../base/audio/wav.ts';
import type { Clock } from '../../../base/clock.ts';
import type { SpeechEntry } from '../../catalog/speech-catalog.ts';
import type { PcmChunk, SynthesisRequest } from '../../spec/speech-handle.ts';

type Warning = SpeechModelV4Result['warnings'][number];

const SLOWEST = 0.5;
const FASTEST = 2;

/** A local voice by the AI SDK's specification: the whole utterance as a WAV file (PCM 16 bit, mono). */
export function createSpeechModel({
  entry,
  synthesize,
  clock,
}: {
  entry: SpeechEntry;
  synthesize(request: SynthesisRequest): AsyncIterable<PcmChunk>;
  clock: Clock;
}): SpeechModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'everwith',
    modelId: entry.id,
    doGenerate: async (options) => {
      const warnings: Warning[] = [];
      const chunks: PcmChunk[] = [];
      for await (const chunk of synthesize(toRequest(entry, options, warnings))) chunks.push(chunk);
      return {
        audio: encodeWav(joinChunks(chunks)),
        warnings,
        response: { timestamp: new Date(clock.now()), modelId: entry.id },
      };
    },
  };
}

function toRequest(entry: SpeechEntry, options: SpeechModelV4CallOptions, warnings: Warning[]): SynthesisRequest {
  const { text, outputFormat, instructions, speed = 1 } = options;
  if (outputFormat !== undefined && outputFormat !== 'wav') {
    warnings.push({ type: 'unsupported', feature: 'outputFormat', details: 'The audio is a WAV file.' });
  }
  if (instructions !== undefined) warnings.push({ type: 'unsupported', feature: 'instructions' });
  const allowed = Math.min(FASTEST, Math.max(SLOWEST, speed));
  if (allowed !== speed) {
    warnings.push({ type: 'unsupported', feature: 'speed', details: `The speed is ${allowed} instead of ${speed}.` });
  }
  const voice = entry.voices.find(({ name }) => name === options.voice) ?? entry.voices[0];
  const language = options.language === undefined || options.language === 'auto' ? undefined : options.language;
  return {
    text,
    language: language ?? voice?.languages[0] ?? 'en',
    voice: options.voice ?? voice?.name ?? '',
    speed: allowed,
    pitch: 0,
    emotion: 'neutral',
    signal: options.abortSignal ?? new AbortController().signal,
  };
}

function joinChunks(chunks: readonly PcmChunk[]): PcmChunk {
  const samples = joinSamples(chunks.map((chunk) => chunk.samples));
  return { samples, sampleRate: chunks[0]?.sampleRate ?? 24_000 };
}
