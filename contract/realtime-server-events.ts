import { z } from 'zod';
import { realtimeErrorSchema, realtimeItemSchema, realtimeSessionSchema, realtimeSpeakerSchema } from './realtime.ts';
import { spokenTimingsSchema } from './voice.ts';

const eventId = { event_id: z.string() };
const item = { item_id: z.string() };
const response = { response_id: z.string() };
const part = { ...eventId, ...response, ...item, output_index: z.int(), content_index: z.int() };

const contentPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('audio'), transcript: z.string() }),
]);

/** `response.done` comes when the reply has been heard to its end, or was cut off. */
export const realtimeResponseSchema = z.object({
  id: z.string(),
  object: z.literal('realtime.response'),
  conversation_id: z.string(),
  status: z.enum(['in_progress', 'completed', 'cancelled', 'failed', 'incomplete']),
  status_details: z
    .object({
      type: z.enum(['completed', 'cancelled', 'incomplete', 'failed']),
      reason: z.enum(['turn_detected', 'client_cancelled', 'max_output_tokens', 'content_filter']).optional(),
      error: z.object({ type: z.string(), code: z.string() }).optional(),
    })
    .optional(),
  output: z.array(realtimeItemSchema),
  output_modalities: z.array(z.enum(['text', 'audio'])),
});
export type RealtimeResponse = z.infer<typeof realtimeResponseSchema>;

/** What the house sends of OpenAI's protocol. */
const openAiEvents = [
  z.object({ ...eventId, type: z.literal('error'), error: realtimeErrorSchema }),
  z.object({ ...eventId, type: z.literal('session.created'), session: realtimeSessionSchema }),
  z.object({ ...eventId, type: z.literal('session.updated'), session: realtimeSessionSchema }),
  z.object({ ...eventId, type: z.literal('input_audio_buffer.speech_started'), ...item, audio_start_ms: z.number() }),
  z.object({ ...eventId, type: z.literal('input_audio_buffer.speech_stopped'), ...item, audio_end_ms: z.number() }),
  z.object({
    ...eventId,
    type: z.literal('input_audio_buffer.committed'),
    ...item,
    previous_item_id: z.string().nullable(),
  }),
  z.object({ ...eventId, type: z.literal('input_audio_buffer.cleared') }),
  z.object({
    ...eventId,
    type: z.literal('conversation.item.added'),
    item: realtimeItemSchema,
    previous_item_id: z.string().nullable(),
  }),
  z.object({
    ...eventId,
    type: z.literal('conversation.item.done'),
    item: realtimeItemSchema,
    previous_item_id: z.string().nullable(),
  }),
  z.object({ ...eventId, type: z.literal('conversation.item.retrieved'), item: realtimeItemSchema }),
  z.object({ ...eventId, type: z.literal('conversation.item.deleted'), ...item }),
  z.object({
    ...eventId,
    type: z.literal('conversation.item.truncated'),
    ...item,
    content_index: z.int(),
    audio_end_ms: z.number(),
  }),
  z.object({
    ...eventId,
    type: z.literal('conversation.item.input_audio_transcription.delta'),
    ...item,
    content_index: z.int(),
    delta: z.string(),
  }),
  z.object({
    ...eventId,
    type: z.literal('conversation.item.input_audio_transcription.completed'),
    ...item,
    content_index: z.int(),
    transcript: z.string(),
    usage: z.object({ type: z.literal('duration'), seconds: z.number() }),
  }),
  z.object({
    ...eventId,
    type: z.literal('conversation.item.input_audio_transcription.failed'),
    ...item,
    content_index: z.int(),
    error: z.object({ type: z.string(), code: z.string(), message: z.string(), param: z.string().nullable() }),
  }),
  z.object({ ...eventId, type: z.literal('response.created'), response: realtimeResponseSchema }),
  z.object({ ...eventId, type: z.literal('response.done'), response: realtimeResponseSchema }),
  z.object({
    ...eventId,
    type: z.literal('response.output_item.added'),
    ...response,
    output_index: z.int(),
    item: realtimeItemSchema,
  }),
  z.object({
    ...eventId,
    type: z.literal('response.output_item.done'),
    ...response,
    output_index: z.int(),
    item: realtimeItemSchema,
  }),
  z.object({ ...part, type: z.literal('response.content_part.added'), part: contentPartSchema }),
  z.object({ ...part, type: z.literal('response.content_part.done'), part: contentPartSchema }),
  /** `delta`: base64 of little-endian PCM16, mono, 24 kHz. */
  z.object({
    ...part,
    type: z.literal('response.output_audio.delta'),
    delta: z.string(),
    everwith: z.object({ clause: z.int(), position_ms: z.number() }),
  }),
  z.object({ ...part, type: z.literal('response.output_audio.done') }),
  z.object({ ...part, type: z.literal('response.output_audio_transcript.delta'), delta: z.string() }),
  z.object({ ...part, type: z.literal('response.output_audio_transcript.done'), transcript: z.string() }),
  z.object({ ...part, type: z.literal('response.output_text.delta'), delta: z.string() }),
  z.object({ ...part, type: z.literal('response.output_text.done'), text: z.string() }),
  /** Throw away what has not sounded. */
  z.object({ ...eventId, type: z.literal('output_audio_buffer.cleared'), ...response }),
  z.object({
    ...eventId,
    type: z.literal('rate_limits.updated'),
    rate_limits: z.array(
      z.object({ name: z.string(), limit: z.number(), remaining: z.number(), reset_seconds: z.number() }),
    ),
  }),
] as const;

/** What the house adds. Clients of OpenAI's protocol may ignore all of it. */
const everwithEvents = [
  z.object({
    ...eventId,
    type: z.literal('everwith.state'),
    state: z.enum(['listening', 'hearing', 'thinking', 'speaking', 'away', 'ended']),
  }),
  /** Play more quietly: somebody may be interrupting. Then either `unduck`, or `output_audio_buffer.cleared`. */
  z.object({ ...eventId, type: z.literal('everwith.duck') }),
  z.object({ ...eventId, type: z.literal('everwith.unduck') }),
  /** Speech that was no turn. */
  z.object({
    ...eventId,
    type: z.literal('everwith.speech.dismissed'),
    ...item,
    reason: z.enum(['echo', 'back-channel', 'noise']),
  }),
  /** All that is understood so far of an item; replaces what was said before. */
  z.object({ ...eventId, type: z.literal('everwith.transcript.changed'), ...item, text: z.string() }),
  /** The turn is certain and kept: the conversation's messages that belong to the items. */
  z.object({
    ...eventId,
    type: z.literal('everwith.turn.committed'),
    ...item,
    ...response,
    reply_item_id: z.string(),
    message_id: z.string(),
    reply_message_id: z.string(),
  }),
  /** In rooms: who speaks in a reply, before its first clause. */
  z.object({
    ...eventId,
    type: z.literal('everwith.speaker.named'),
    ...response,
    ...item,
    speaker: realtimeSpeakerSchema,
  }),
  /** In rooms: a reply that follows another without a turn of the person is kept from now on. */
  z.object({
    ...eventId,
    type: z.literal('everwith.reply.committed'),
    ...response,
    ...item,
    message_id: z.string(),
  }),
  /** With binary frames: from now on frames with this index carry audio of the item. */
  z.object({ ...eventId, type: z.literal('everwith.audio.started'), ...response, ...item, audio_index: z.int() }),
  /** A clause is about to sound: its words, and where its audio begins in the item's. */
  z.object({
    ...eventId,
    type: z.literal('everwith.clause.started'),
    ...response,
    ...item,
    clause: z.int(),
    text: z.string(),
    position_ms: z.number(),
  }),
  z.object({
    ...eventId,
    type: z.literal('everwith.clause.ended'),
    ...response,
    ...item,
    clause: z.int(),
    position_ms: z.number(),
  }),
  /** All audio of the reply was sent; it may still sound. */
  z.object({
    ...eventId,
    type: z.literal('everwith.reply.sent'),
    ...response,
    ...item,
    duration_ms: z.number(),
  }),
  /** The reply is over: what is kept of it, and how long its stages took. */
  z.object({
    ...eventId,
    type: z.literal('everwith.reply.ended'),
    ...response,
    ...item,
    state: z.enum(['done', 'interrupted', 'stopped', 'failed']),
    heard: z.string(),
    timings: spokenTimingsSchema.nullable(),
  }),
  /** Another device has the call now; this socket closes. */
  z.object({ ...eventId, type: z.literal('everwith.taken_over') }),
  z.object({
    ...eventId,
    type: z.literal('everwith.call.ended'),
    reason: z.enum(['hung-up', 'away-too-long', 'house-closing', 'failed']),
  }),
] as const;

export const realtimeServerEventSchema = z.discriminatedUnion('type', [...openAiEvents, ...everwithEvents]);
export type RealtimeServerEvent = z.infer<typeof realtimeServerEventSchema>;
