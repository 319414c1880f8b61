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

/** One of `stream_format: "sse"`. */
export const speechEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('speech.audio.delta'), audio: z.string() }),
  z.object({
    type: z.literal('speech.audio.done'),
    usage: z.object({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int() }),
  }),
]);
export type SpeechEvent = z.infer<typeof speechEventSchema>;

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
  /** Those that it may be in; one alone is taken at its word. */
  languages: listSchema,
  timestamp_granularities: listSchema,
  include: listSchema,
  /** Recordings are cut in their pauses, which is `auto`. */
  chunking_strategy: z.union([z.string(), z.looseObject({ type: z.string() })]).nullish(),
  keywords: listSchema,
  known_speaker_names: listSchema,
  known_speaker_references: listSchema,
});
export type TranscriptionFields = z.infer<typeof transcriptionFieldsSchema>;

/** As forms; the recording is taken in by whoever reads them. */
const recording = { file: z.file() };
export const translationFormSchema = translationFieldsSchema.extend(recording);
/** Without what is read only to be refused by name. */
export const transcriptionFormSchema = transcriptionFieldsSchema
  .omit({ keywords: true, known_speaker_names: true, known_speaker_references: true })
  .extend(recording);

/** A part of a recording. Figures that no engine here gives are 0 and empty. */
const transcriptionSegmentSchema = z.object({
  id: z.int(),
  seek: z.int(),
  start: z.number(),
  end: z.number(),
  text: z.string(),
  tokens: z.array(z.int()),
  temperature: z.number(),
  avg_logprob: z.number(),
  compression_ratio: z.number(),
  no_speech_prob: z.number(),
});
export type TranscriptionSegment = z.infer<typeof transcriptionSegmentSchema>;

/** What recordings are billed by at a provider that counts tokens. */
const heardTokensSchema = z.object({
  type: z.literal('tokens'),
  input_tokens: z.int(),
  input_token_details: z.object({ text_tokens: z.int(), audio_tokens: z.int() }),
  output_tokens: z.int(),
  total_tokens: z.int(),
});
export type HeardTokensUsage = z.infer<typeof heardTokensSchema>;
const heardSchema = z.object({ type: z.literal('duration'), seconds: z.int() });
const verboseTranscriptionSchema = z.object({
  task: z.enum(['transcribe', 'translate']),
  language: z.string(),
  duration: z.number(),
  text: z.string(),
  segments: z.array(transcriptionSegmentSchema),
  /** Only of transcriptions. */
  usage: heardSchema.optional(),
});
export type VerboseTranscription = z.infer<typeof verboseTranscriptionSchema>;

/** Empty where nobody could tell. */
const languagesSchema = z.array(z.object({ code: z.string() }));

/** As `json` and as `verbose_json`. */
export const transcriptionSchema = z.union([
  z.object({
    text: z.string(),
    languages: languagesSchema.optional(),
    usage: z.union([heardSchema, heardTokensSchema]).optional(),
  }),
  verboseTranscriptionSchema,
]);

export const transcriptionEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('transcript.text.delta'), delta: z.string() }),
  z.object({
    type: z.literal('transcript.text.done'),
    text: z.string(),
    languages: languagesSchema,
    /** Where the engine counts tokens. */
    usage: heardTokensSchema.optional(),
  }),
]);
export type TranscriptionEvent = z.infer<typeof transcriptionEventSchema>;
