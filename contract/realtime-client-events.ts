import { z } from 'zod';
import { realtimeSessionUpdateSchema } from './realtime.ts';

const eventId = { event_id: z.string().max(512).optional() };
const itemId = z.string().min(1).max(512);
/** Milliseconds of audio; a day is longer than any reply. */
const positionSchema = z.number().min(0).max(86_400_000);

/** An item as a client may offer it. Kinds that the house cannot take parse, so that the refusal can name them. */
export const realtimeItemDraftSchema = z.looseObject({
  id: itemId.optional(),
  type: z.string().max(80),
  role: z.string().max(80).optional(),
  content: z
    .array(
      z.looseObject({
        type: z.string().max(80),
        text: z.string().max(100_000).optional(),
        /** Base64. */
        audio: z.string().optional(),
      }),
    )
    .max(64)
    .optional(),
});
export type RealtimeItemDraft = z.infer<typeof realtimeItemDraftSchema>;

/** What a client may send, by `type`. */
export const realtimeClientEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...eventId, type: z.literal('session.update'), session: realtimeSessionUpdateSchema }),
  /** `audio`: base64 of little-endian PCM16, mono, at the agreed rate. */
  z.strictObject({ ...eventId, type: z.literal('input_audio_buffer.append'), audio: z.string() }),
  z.strictObject({ ...eventId, type: z.literal('input_audio_buffer.commit') }),
  z.strictObject({ ...eventId, type: z.literal('input_audio_buffer.clear') }),
  z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.create'),
    previous_item_id: z.string().max(512).nullish(),
    item: realtimeItemDraftSchema,
  }),
  z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.truncate'),
    item_id: itemId,
    content_index: z.int(),
    audio_end_ms: positionSchema,
  }),
  z.strictObject({ ...eventId, type: z.literal('conversation.item.retrieve'), item_id: itemId }),
  z.strictObject({ ...eventId, type: z.literal('conversation.item.delete'), item_id: itemId }),
  z.strictObject({
    ...eventId,
    type: z.literal('response.create'),
    response: z.record(z.string().max(80), z.unknown()).optional(),
  }),
  z.strictObject({ ...eventId, type: z.literal('response.cancel'), response_id: z.string().max(512).nullish() }),
  z.strictObject({ ...eventId, type: z.literal('output_audio_buffer.clear') }),
  /** This much of an item has sounded; every 100 ms while something sounds, and once at its end. */
  z.strictObject({
    ...eventId,
    type: z.literal('everwith.playback.position'),
    item_id: itemId,
    position_ms: positionSchema,
  }),
  /** A tap: what sounds stops at once. Never an error. */
  z.strictObject({ ...eventId, type: z.literal('everwith.interrupt') }),
  /** Push-to-talk: the button goes down, comes up. */
  z.strictObject({ ...eventId, type: z.literal('everwith.input.press') }),
  z.strictObject({ ...eventId, type: z.literal('everwith.input.release') }),
  /** Muted: what arrives is not listened to, and what was being said counts as finished. */
  z.strictObject({ ...eventId, type: z.literal('everwith.input.mute'), muted: z.boolean() }),
  /** Hangs up. A socket that only breaks leaves the call waiting. */
  z.strictObject({ ...eventId, type: z.literal('everwith.call.end') }),
]);
export type RealtimeClientEvent = z.infer<typeof realtimeClientEventSchema>;
