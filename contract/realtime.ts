import { z } from 'zod';
import { idSchema, localeSchema } from './common.ts';
import { turnProfileSchema, voiceRefSchema } from './voice.ts';

/**
 * Shapes that both directions of `GET /v1/realtime` share: OpenAI's Realtime protocol in its GA form
 * (https://platform.openai.com/docs/api-reference/realtime), with additions under `everwith`. What we do not do of it
 * stands in `docs/guide/realtime-api.md`.
 */

/** Samples per second of what a call says. */
export const REALTIME_OUTPUT_RATE = 24_000;
/** Samples per second in which a caller may be heard. */
export const REALTIME_INPUT_RATES = [24_000, 16_000] as const;
export type RealtimeInputRate = (typeof REALTIME_INPUT_RATES)[number];
/** Bytes of one message to the house: a minute of 24 kHz PCM16 in base64, and its envelope. */
export const REALTIME_MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Between two reports of what has sounded. */
export const PLAYBACK_REPORT_EVERY_MS = 100;

/** The sub-protocol that is agreed on. */
export const REALTIME_SUBPROTOCOL = 'realtime';
/** Followed by an API key: how OpenAI's client for browsers, which cannot set headers, offers one. */
export const REALTIME_KEY_SUBPROTOCOL = 'openai-insecure-api-key.';

/** The address' query: exactly one of `model`, `conversation` and `call`. */
export const realtimeQuerySchema = z
  .object({
    /** `character/<slug>`: the newest conversation with the character goes on, or one begins. */
    model: z.string().max(200).optional(),
    conversation: idSchema.optional(),
    /** The call that was cut off, from `session.everwith.call_id`. */
    call: idSchema.optional(),
    /** The same, as OpenAI's clients name it. */
    call_id: idSchema.optional(),
    /** `true`: the character speaks first, where nothing has been said yet. */
    greet: z.enum(['true', 'false']).default('false'),
    /** `reported`: the client sends `everwith.playback.position`. `estimated`: the house goes by the clock. */
    playback: z.enum(['reported', 'estimated']).default('estimated'),
    /** `binary`: audio travels in binary frames, both ways (`client/call/binary-frame.ts`). */
    frames: z.enum(['json', 'binary']).default('json'),
    /** Of the character, where a conversation begins. */
    locale: localeSchema.optional(),
  })
  .refine(
    (query) =>
      [query.model, query.conversation, query.call ?? query.call_id].filter((value) => value !== undefined).length ===
      1,
    {
      message: 'Give exactly one of “model”, “conversation” and “call”.',
    },
  );
export type RealtimeQuery = z.infer<typeof realtimeQuerySchema>;

/** Why the house closed a socket, besides the codes of RFC 6455. Only after `away` does it help to connect again. */
export const REALTIME_CLOSE_CODES = {
  /** The call is over; `everwith.call.ended` said why. */
  ended: 1000,
  /** A message was larger than `REALTIME_MAX_MESSAGE_BYTES` (RFC 6455). */
  tooLarge: 1009,
  /** The house closes, perhaps to start again. */
  closing: 1012,
  /** The call could not begin; the `error` event before said why. */
  refused: 4000,
  /** Another device has the call now. */
  takenOver: 4001,
  /** Much more arrived than a microphone gives. */
  flood: 4002,
  /** The client did not read what was sent. Connecting again goes on with the call. */
  slowReader: 4003,
  /** Too many messages that are no events. */
  nonsense: 4004,
  /** The session or key was revoked. */
  signedOut: 4005,
} as const;

export const realtimeFormatSchema = z.strictObject({
  type: z.literal('audio/pcm'),
  rate: z.union([z.literal(24_000), z.literal(16_000)]).optional(),
});

/** The two of OpenAI. Only `type`, `eagerness` and `silence_duration_ms` change something here: they choose the profile. */
export const realtimeTurnDetectionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('server_vad'),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
    idle_timeout_ms: z.number().nullish(),
    prefix_padding_ms: z.number().optional(),
    silence_duration_ms: z.number().optional(),
    threshold: z.number().optional(),
  }),
  z.strictObject({
    type: z.literal('semantic_vad'),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
  }),
]);
export type RealtimeTurnDetection = z.infer<typeof realtimeTurnDetectionSchema>;

const modalitiesSchema = z.array(z.enum(['text', 'audio'])).length(1);

/** What a client may ask for. Fields that the house cannot follow parse, so that the refusal can name them. */
export const realtimeSessionUpdateSchema = z.strictObject({
  type: z.enum(['realtime', 'transcription']).optional(),
  model: z.string().max(200).optional(),
  output_modalities: modalitiesSchema.optional(),
  instructions: z.string().max(20_000).optional(),
  audio: z
    .strictObject({
      input: z
        .strictObject({
          format: z.object({ type: z.string().max(80), rate: z.number().optional() }).optional(),
          /** Checked by itself, so that `null` can be told from absent. */
          turn_detection: realtimeTurnDetectionSchema.nullable().optional(),
          /** Every call is transcribed by the house's ears; a wish for another model changes nothing. */
          transcription: z.unknown().optional(),
          /** The house reduces noise itself. */
          noise_reduction: z.unknown().optional(),
        })
        .optional(),
      output: z
        .strictObject({
          format: z.object({ type: z.string().max(80), rate: z.number().optional() }).optional(),
          voice: z.union([voiceRefSchema, z.strictObject({ id: voiceRefSchema })]).optional(),
          speed: z.number().min(0.25).max(2).optional(),
        })
        .optional(),
    })
    .optional(),
  tools: z.array(z.unknown()).max(128).optional(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.unknown().optional(),
  include: z.array(z.unknown()).max(16).nullish(),
  max_output_tokens: z.union([z.number(), z.literal('inf')]).optional(),
  prompt: z.unknown().optional(),
  reasoning: z.unknown().optional(),
  tracing: z.unknown().optional(),
  truncation: z.unknown().optional(),
  everwith: z
    .strictObject({
      profile: turnProfileSchema.optional(),
      /** Semitones. */
      pitch: z.number().min(-12).max(12).optional(),
    })
    .optional(),
});
export type RealtimeSessionUpdate = z.infer<typeof realtimeSessionUpdateSchema>;

/** What is in force, as `session.created` and `session.updated` say it. */
export const realtimeSessionSchema = z.object({
  type: z.literal('realtime'),
  object: z.literal('realtime.session'),
  id: z.string(),
  /** `character/<slug>` where the client asked so, else `conversation/<id>`. */
  model: z.string(),
  output_modalities: modalitiesSchema,
  instructions: z.string(),
  audio: z.object({
    input: z.object({
      format: realtimeFormatSchema,
      turn_detection: realtimeTurnDetectionSchema.nullable(),
    }),
    output: z.object({
      format: realtimeFormatSchema,
      /** Null = the character's own voice. */
      voice: z.string().nullable(),
      speed: z.number(),
    }),
  }),
  tools: z.array(z.never()),
  everwith: z.object({
    call_id: z.string(),
    conversation_id: z.string(),
    character_name: z.string(),
    locale: localeSchema,
    /** True where a call that was cut off goes on. */
    resumed: z.boolean(),
    /** Null = as the person likes it. */
    profile: turnProfileSchema.nullable(),
    pitch: z.number(),
    frames: z.enum(['json', 'binary']),
    playback: z.enum(['reported', 'estimated']),
  }),
});
export type RealtimeSession = z.infer<typeof realtimeSessionSchema>;

/** One of several characters who answer in a call. */
export const realtimeSpeakerSchema = z.object({
  /** Of the participant. */
  id: idSchema,
  name: z.string(),
});
export type RealtimeSpeaker = z.infer<typeof realtimeSpeakerSchema>;

/** A message of the conversation as this session saw it. */
export const realtimeItemSchema = z.object({
  id: z.string(),
  object: z.literal('realtime.item'),
  type: z.literal('message'),
  role: z.enum(['user', 'assistant']),
  status: z.enum(['completed', 'incomplete', 'in_progress']),
  content: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('input_text'), text: z.string() }),
      z.object({ type: z.literal('input_audio'), transcript: z.string().nullable() }),
      z.object({ type: z.literal('output_text'), text: z.string() }),
      z.object({ type: z.literal('output_audio'), transcript: z.string() }),
    ]),
  ),
  /** In rooms: who said it. */
  everwith: z.object({ speaker: realtimeSpeakerSchema }).optional(),
});
export type RealtimeItem = z.infer<typeof realtimeItemSchema>;

export const realtimeErrorSchema = z.object({
  type: z.enum(['invalid_request_error', 'rate_limit_error', 'server_error']),
  code: z.string(),
  message: z.string(),
  /** The field of the event that is wrong. */
  param: z.string().nullable(),
  /** `event_id` of the client's event that caused it. */
  event_id: z.string().nullable(),
  everwith: z
    .object({
      /** Which part of the call failed. */
      stage: z.enum(['connection', 'hearing', 'thinking', 'speaking']),
      retryable: z.boolean(),
    })
    .optional(),
});
export type RealtimeError = z.infer<typeof realtimeErrorSchema>;
