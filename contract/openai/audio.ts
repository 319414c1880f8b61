import { z } from 'zod';

/*
 * `POST /v1/audio/…` as OpenAI describes it (openai/openai-openapi, `CreateSpeechRequest`, `CreateTranscriptionRequest`,
 * `CreateTranslationRequest`). Unknown fields are tolerated.
 */

export const speechRequestSchema = z.looseObject({
  model: z.string().min(1).max(400),
  input: z.string().min(1).max(4096),
  /** A name of OpenAI's, a voice of this house, or `character/<slug>`. */
  voice: z.union([z.string().min(1).max(400), z.looseObject({ id: z.string().min(1).max(400) })]),
  instructions: z.string().max(4096).nullish(),
  response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).nullish(),
  speed: z.number().min(0.25).max(4).nullish(),
  stream_format: z.enum(['sse', 'audio']).nullish(),
});
export type SpeechRequest = z.infer<typeof speechRequestSchema>;

export type SpeechEvent =
  | { type: 'speech.audio.delta'; audio: string }
  | {
      type: 'speech.audio.done';
      usage: { input_tokens: number; output_tokens: number; total_tokens: number };
    };

/** What a form says besides its file; every field of a form is a text. */
const yesOrNoSchema = z.union([z.boolean(), z.enum(['true', 'false', '1', '0', ''])]);
const listSchema = z.preprocess(
  (value) => (value === undefined || value === null || Array.isArray(value) ? value : [value]),
  z.array(z.string()).nullish(),
);

export const translationFieldsSchema = z.looseObject({
  model: z.string().min(1).max(400),
  prompt: z.string().optional(),
  response_format: z.enum(['json', 'text', 'srt', 'verbose_json', 'vtt']).default('json'),
  temperature: z.coerce.number().min(0).max(1).optional(),
});
export type TranslationFields = z.infer<typeof translationFieldsSchema>;

export const transcriptionFieldsSchema = translationFieldsSchema.extend({
  language: z.string().max(40).optional(),
  response_format: z.enum(['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json']).default('json'),
  stream: yesOrNoSchema.transform((value) => value === true || value === 'true' || value === '1').default(false),
  timestamp_granularities: listSchema,
  include: listSchema,
});
export type TranscriptionFields = z.infer<typeof transcriptionFieldsSchema>;

/** A part of a recording. Figures that no engine here gives are 0 and empty. */
export interface TranscriptionSegment {
  id: number;
  seek: number;
  start: number;
  end: number;
  text: string;
  tokens: number[];
  temperature: number;
  avg_logprob: number;
  compression_ratio: number;
  no_speech_prob: number;
}

export interface VerboseTranscription {
  task: 'transcribe' | 'translate';
  language: string;
  duration: number;
  text: string;
  segments: TranscriptionSegment[];
  usage?: { type: 'duration'; seconds: number };
}

export type TranscriptionEvent =
  | { type: 'transcript.text.delta'; delta: string }
  | { type: 'transcript.text.done'; text: string };
