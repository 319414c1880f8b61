import type { SharedV4Warning, TranscriptionModelV4 } from '@ai-sdk/provider';
import { resample } from '../../../base/audio/resampler.ts';
import { decodeWav } from '../../../base/audio/wav.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { HEARING_SAMPLE_RATE } from '../../spec/speech-handle.ts';
import type { TranscribeResult } from './hearing-protocol.ts';

export interface LocalTranscriptionOptions {
  modelId: string;
  /** Longest file, seconds. */
  maxSeconds: number;
  /** Mono 16 kHz; gives way to calls. */
  transcribe(request: {
    samples: Float32Array;
    language: string | null;
    signal: AbortSignal;
  }): Promise<TranscribeResult>;
}

const wavTypes = new Set(['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave']);

/**
 * A whole recording by the AI SDK's specification. Takes WAV (PCM or float, any rate and number of channels); a language
 * may be told in `providerOptions.everwith.language`. Throws `InvalidInputError` (`audio-format`) for other containers.
 */
export function createLocalTranscriptionModel(options: LocalTranscriptionOptions): TranscriptionModelV4 {
  const { modelId, maxSeconds, transcribe } = options;
  return {
    specificationVersion: 'v4',
    provider: 'everwith',
    modelId,
    async doGenerate({ audio, mediaType, timestampGranularities, providerOptions, abortSignal }) {
      const { samples, sampleRate } = decodeWav(readFile(audio, mediaType), { maxSeconds });
      const language = providerOptions?.['everwith']?.['language'];
      const heard = await transcribe({
        samples: resample(samples, { from: sampleRate, to: HEARING_SAMPLE_RATE }),
        language: typeof language === 'string' ? language : null,
        signal: abortSignal ?? new AbortController().signal,
      });
      return {
        text: heard.text,
        segments: heard.pieces
          .filter(({ text }) => text !== '')
          .map(({ text, startInSeconds, endInSeconds }) => ({
            text,
            startSecond: startInSeconds,
            endSecond: endInSeconds,
          })),
        language: heard.language ?? undefined,
        durationInSeconds: samples.length / sampleRate,
        warnings: wordWarnings(timestampGranularities ?? []),
        response: { timestamp: new Date(), modelId },
      };
    },
  };
}

function readFile(audio: Uint8Array | string, mediaType: string): Uint8Array {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  const file = typeof audio === 'string' ? Buffer.from(audio, 'base64') : audio;
  const isWav = Buffer.from(file.subarray(0, 4)).toString('latin1') === 'RIFF';
  if (wavTypes.has(type) || isWav) return file;
  throw new InvalidInputError(
    `A local listening model reads WAV files (PCM, any sample rate); this is ${type || 'of an unknown type'}. Convert it to WAV first.`,
    { code: 'audio-format', field: 'mediaType', details: { mediaType: type } },
  );
}

function wordWarnings(asked: readonly string[]): SharedV4Warning[] {
  if (!asked.includes('word')) return [];
  return [
    {
      type: 'unsupported',
      feature: 'timestampGranularities',
      details: 'Times of single words are not known; those of segments are.',
    },
  ];
}
